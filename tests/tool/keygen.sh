#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Importing Keygen license files and machine files.
#
# The files below were made for this test with Python's package "cryptography", not with the library under test: the
# signing key is Ed25519's for the seed 00 01 02 ... 1f, the nonce 00 01 ... 0b, and the license key OPEN-SESAME. All are
# for one license, "Film editor", of which 4 of 5 uses are left; the third is for the machine with the fingerprint "desk".
source "$(dirname "$0")/support.sh"
public_key=03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8
other_key=3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c
cat >plain.lic <<'END'
-----BEGIN LICENSE FILE-----
eyJlbmMiOiJleUprWVhSaElqcDdJbWxrSWpvaVRERWlMQ0owZVhCbElqb2liR2xqWlc1elpYTWlMQ0poZEhSeWFXSjFkR1Z6SWpwN0ltNWhiV1VpT2lK
R2FXeHRJR1ZrYVhSdmNpSXNJbXRsZVNJNklrOVFSVTR0VTBWVFFVMUZJaXdpWlhod2FYSjVJanB1ZFd4c0xDSjFjMlZ6SWpveExDSnRZWGhWYzJWeklq
bzFmU3dpY21Wc1lYUnBiMjV6YUdsd2N5STZleUpoWTJOdmRXNTBJanA3SW1SaGRHRWlPbnNpZEhsd1pTSTZJbUZqWTI5MWJuUnpJaXdpYVdRaU9pSkJN
U0o5ZlgxOUxDSnRaWFJoSWpwN0ltbHpjM1ZsWkNJNklqSXdNall0TURFdE1ESlVNRE02TURRNk1EVXVNREF3V2lJc0ltVjRjR2x5ZVNJNklqSXdNall0
TURJdE1ESlVNRE02TURRNk1EVXVNREF3V2lJc0luUjBiQ0k2TWpZM09EUXdNSDE5Iiwic2lnIjoiU1hEQ2JYRDhUWG03STRSMHRnNWcrZmFFSnNuT2FL
TXg0WXdrU3JsMVYrWG1qYW80dVBXeFNDWXpHVWR3UzFyOUZkWkx2ZXlUSnloWWpMUEprd0VhQkE9PSIsImFsZyI6ImJhc2U2NCtlZDI1NTE5In0=
-----END LICENSE FILE-----
END
cat >encrypted.lic <<'END'
-----BEGIN LICENSE FILE-----
eyJlbmMiOiJLQkhsNG11bWZZTThvVkFudklBMWJXOHQ2dVlhWXFRVlBkS2Z1enFIN2ljM2dSL2lYSHNOWnZzMVRoSkdNS1I1ZzVJVVpINXFVS0Zxd0xr
V3YwcVJDM1hkV1NMSzRXTmtDbHBrcklPN1lwODFoRDhQbi9OYjl4TjhDbWZGU0tNNnRESE1LNDJmUDdlN2JGK0J5YkdyK1o0WWI2eGN3cVl3NEJkbm0z
T3pmSlZVS0pMTUlOVXN3SW1uUVliSG84enBrcWFhMUZjRm9yRExpVVZ3RXpQOVNRTGdUWnI0T0Fsc2p5azhhWHVjTU1EckRDWGc1YXJvSHFmTFVKNDRn
Mk9kb0QzYzBxR01wTEtsTElPWm1WNU15dWdaVWJMYlprbFNWV1l2UytacjB4TG9mZ0hNZ2tJNDhuK2ZQaHgza01qL0ZIOGNuTEU1SXoxOVdFNENmYjJi
ak1KMHEvcHV5Z2VDUklJUEFsOFB1S1FYREdKYTl0T050Ni9WRVU3L1B5bUJHcDNmLkFBRUNBd1FGQmdjSUNRb0wuY0FQYU5jRlBlRGZyL2U2UUxEODJq
dz09Iiwic2lnIjoiZlNySk5WbHBhR3JOZlViNURTeFdKWGJJb3VFZVVJVkEvV1Z4WFJNUnpCQmdneGtuK0tkSlZBQ05HNHU1OGRCZmdhUktCVmRaNFRs
dStmM1g5N0VkRFE9PSIsImFsZyI6ImFlcy0yNTYtZ2NtK2VkMjU1MTkifQ==
-----END LICENSE FILE-----
END
cat >machine.lic <<'END'
-----BEGIN MACHINE FILE-----
eyJlbmMiOiJxU0VhWG5VR2pTaUU5anRjSExwZUZnOTRWdzhpcDh3YmlHMUxWbjVGSCswaGJZYWN5S2U4ZTJVMk16eDl3dU9wN1VuZElpZWUyTDJGU0FT
ZzRvWFZ1Y283VFNXUTI2KzBiNjBEMUNMYUVzSis5bHhLMWFSTC9hMUFSaWtuUENUM2VsQnAzU0E4cXdMUUd6cjdPS2U1RHJCWVJZM2lxcnl5TS9uMWM1
RnkvbWtCTVJzRUpFZ0JPVmNzc0llWDJoaWFqVWpjbWppYTF1OWpiMENmYTVaRHYrMFJtZWpZUGE0Q3BySW96dys4Y0lsTk1EL3M5dUZmTkVMWDJMQWZH
REZpaXp5ZDhnQUpHN2RpeWhoMXNtalpjdTNUc2tyemlpY2lHcC9YV0F1UVJMZ3RyZjlNd2hUVmovdnVncXRSYUFDVnlrWjdjVVF5ZHFKQS9BMTFoa3FU
ZUJPZ1VLV3VxSStOUmVIbXBtR3Fja0JncllPakRPU09rYU5DYlBIVEd6TlE1bTB1ZDlpbFl0Z0lGOTBIc1VWZGx2YTFjSTlBVGVTVjJiZHlnZmRQam5z
QkovMDNKeVF5MTdab3pBRTBLMmpVanNIRUxpSDBwbThaRXhYUFRTUnlnbXdNaUpCRGYxNHpNdDlBOUYrSWF0TEZnODVEZHB5WTVqZUgrZjRDN3dJNjh6
KzI5ZEFRa0huSHBJeE1NVFhQWUQybWZmdDlnYUkwNWlLRElnQjB3SGxwNzVFclhHTUQvQjhxcWRMNnVFS0N2QmZYb25ZUm93QlQxb2x3VSthc2YvcC9L
eVhkakVPamFxWEU4RHhjSEtWaHBKT0JVYjNjTFpFbW5HUS9EQXdiMVZ6SnFSL28uQUFFQ0F3UUZCZ2NJQ1FvTC5jSGJNbUZETW9kYS9XZFBLMHlOYjR3
PT0iLCJzaWciOiJJQ1MrbXZRbDZMSXptamQ3VkFHekd4ekV4Rm03dHdWZW14TDBvZ3c1TUpOQkE3VjY3VFlXekpNWmVZS0VaQXp3bEZtN2FPSEoySWtD
MFNFelF6bzhDZz09IiwiYWxnIjoiYWVzLTI1Ni1nY20rZWQyNTUxOSJ9
-----END MACHINE FILE-----
END
echo OPEN-SESAME >license_key
echo OPEN-SESAMI >wrong_license_key
# An encrypted file needs a processor with instructions for AES.
opens_encrypted() {
  run --home scratch import keygen encrypted.lic --public-key $public_key --license-key-file license_key
  [ "$code" -eq 0 ] || ! grep -qF "in a way this version does not know" err
}

# A signed file that is not encrypted.
done_well import keygen plain.lic --public-key $public_key
expect_out "\"Film editor\", key id "
expect_out "A backup will leave them out"
done_well list
expect_out "  keygen    denied   4          Film editor"

# The same again is the same license, under its new title and with its new right.
done_well import keygen plain.lic --public-key ${public_key^^} --title 'My editor' --allow-backup
done_well list
expect_out "  keygen    granted  4          My editor"
[ "$(grep -c keygen out)" -eq 1 ] || fail "the same license is listed twice"

# From standard input.
setsid --wait "$tool" import keygen - --public-key $public_key --quiet <plain.lic >out 2>err || fail "standard input"
done_well list
expect_out "  keygen    granted  4          Film editor"

# It is no content key.
id=$(grep keygen out | awk '{ print $2 }')
failed_with "The content key of this license is reserved for another program" key "$id"

# A backup brings it back.
mkdir stick
done_well backup stick --passphrase-file passphrase
done_well --home other restore stick --passphrase-file passphrase --individualize
done_well --home other list
expect_out "  keygen    granted  4          Film editor"

# What was not signed by this account.
failed_with "The file was changed, or its signature is not its issuer's." \
  import keygen plain.lic --public-key $other_key
sed 's/LICENSE FILE/MACHINE FILE/' plain.lic >disguised.lic
failed_with "The file was changed, or its signature is not its issuer's." \
  import keygen disguised.lic --public-key $public_key
failed_with "This file is not a license in the expected format." import keygen film.json --public-key $public_key
failed_with "nosuch: The path does not exist." import keygen nosuch --public-key $public_key
failed_with "nosuch: The path does not exist." \
  import keygen plain.lic --public-key $public_key --license-key-file nosuch

# What the command line does not accept.
for arguments in "plain.lic" "plain.lic --public-key" "plain.lic --public-key ${public_key}0" \
  "plain.lic --public-key ${public_key%8}g" "--public-key $public_key" "- --public-key $public_key --license-key-file -"; do
  # shellcheck disable=SC2086
  run import keygen $arguments
  expect_code 2
  [ -s err ] || fail "'$ran' does not say what is wrong"
done
done_well import keygen --help
expect_out "Example: reinstate import keygen "

if ! opens_encrypted; then
  echo "The rest is left out: this processor has no instructions for AES."
  exit 0
fi

# Encrypted files: the license again, and another one for a machine.
done_well import keygen encrypted.lic --public-key $public_key --license-key-file license_key
setsid --wait "$tool" import keygen machine.lic --public-key $public_key --license-key-file - --fingerprint desk \
  <license_key >out 2>err || fail "a license key from standard input"
done_well list
[ "$(grep -c "  keygen    .*  4          Film editor" out)" -eq 2 ] || fail "there are not two licenses"
[ "$(awk '/keygen/ { print $2 }' out | sort -u | wc -l)" -eq 1 ] || fail "both are for one license of Keygen"
if grep -rqF OPEN-SESAME "$HOME"; then fail "the license key is in the home"; fi

for arguments in "encrypted.lic" "encrypted.lic --license-key-file wrong_license_key" \
  "machine.lic --license-key-file license_key" "machine.lic --license-key-file license_key --fingerprint Desk"; do
  # shellcheck disable=SC2086
  failed_with "The given key does not open the file." import keygen $arguments --public-key $public_key
done
