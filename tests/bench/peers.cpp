// SPDX-License-Identifier: BSL-1.0
#include "peers.hpp"

#include <cstdlib>
#include <sstream>

namespace bench {
namespace {

constexpr const char* backed_up_by_sqlite =
    R"(sqlite3 "$CORPUS/plain.db" ".backup '$OUT/copy.db'" && )"
    R"(age -R "$KEYS/recipient" -o "$OUT/backup.age" "$OUT/copy.db" && rm "$OUT/copy.db" && sync -f "$OUT")";

constexpr const char* merged_by_sqlite =
    R"(age -d -i "$KEYS/age.key" -o "$BACK/copy.db" "$OUT/backup.age" && sqlite3 "$BACK/licenses.db" ")"
    R"(CREATE TABLE licenses (id BLOB PRIMARY KEY, metadata BLOB NOT NULL, payload BLOB NOT NULL); )"
    R"(ATTACH '$BACK/copy.db' AS copy; INSERT OR REPLACE INTO licenses SELECT * FROM copy.licenses" && )"
    R"(rm "$BACK/copy.db" && sync -f "$BACK")";

}  // namespace

const std::vector<peer>& all_peers() {
  static const std::vector<peer> peers = {
      {"tar, age", "tar age", "directory", "",
       R"(tar -C "$CORPUS" -cf - directory | age -R "$KEYS/recipient" -o "$OUT/backup.age" && sync -f "$OUT")",
       R"(age -d -i "$KEYS/age.key" "$OUT/backup.age" | tar -C "$BACK" -xf - && sync -f "$BACK")"},
      {"sqlite3 .backup, age", "sqlite3 age", "plain.db", "", backed_up_by_sqlite,
       R"(age -d -i "$KEYS/age.key" -o "$BACK/licenses.db" "$OUT/backup.age" && sync -f "$BACK")"},
      {.name = "sqlite3 .backup, age, merged",
       .needs = "sqlite3 age",
       .reads = "plain.db",
       .prepare = "",
       .backup = backed_up_by_sqlite,
       .restore = merged_by_sqlite,
       .backs_up = false},
      {"one stream, age", "age", "stream", "",
       R"(age -R "$KEYS/recipient" -o "$OUT/backup.age" "$CORPUS/stream" && sync -f "$OUT")",
       R"(age -d -i "$KEYS/age.key" -o "$BACK/stream" "$OUT/backup.age" && sync -f "$BACK")"},
      {.name = "restic",
       .needs = "restic",
       .reads = "directory",
       .prepare = "restic init -q",
       .backup = R"(cd "$CORPUS" && restic backup -q directory && sync -f "$OUT")",
       .restore = R"(restic restore -q latest --target "$BACK" && sync -f "$BACK")",
       .open = "restic cat masterkey",
       .updates = true},
      {.name = "borg",
       .needs = "borg",
       .reads = "directory",
       .prepare = "borg init -e repokey-blake2 2>/dev/null",
       .backup =
           R"(date +%s%N >"$OUT.name"; cd "$CORPUS" && borg create ::$(cat "$OUT.name") directory && sync -f "$OUT")",
       .restore = R"(cd "$BACK" && borg extract ::$(cat "$OUT.name") && sync -f "$BACK")",
       .updates = true},
  };
  return peers;
}

std::string missing_program(const peer& of) {
  std::istringstream programs(of.needs);
  for (std::string program; programs >> program;)
    if (std::system(("command -v " + program + " >/dev/null").c_str()) != 0) return program;
  return {};
}

}  // namespace bench
