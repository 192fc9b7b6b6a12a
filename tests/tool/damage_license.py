# SPDX-License-Identifier: BSL-1.0
"""Damages the sealed payload of a license, so that the store can no longer open it.

    damage_license.py DATABASE KEY_ID"""
import sqlite3
import sys

database = sqlite3.connect(sys.argv[1])
tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
sealed = [each for each in tables if "sealed" in [row[1] for row in database.execute(f"PRAGMA table_info({each})")]]
[table] = sealed
[(place,)] = database.execute("SELECT place FROM license WHERE key = ?", [bytes.fromhex(sys.argv[2])])
[(payload,)] = database.execute(f"SELECT sealed FROM {table} WHERE place = ?", [place])
changed = payload[:-1] + bytes([payload[-1] ^ 1])
database.execute(f"UPDATE {table} SET sealed = ? WHERE place = ?", [changed, place])
database.commit()
