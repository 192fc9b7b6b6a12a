// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/backup_restore_props.hpp>
#include <reinstate/status.hpp>

#include <wmsdk.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>

// Numbers, sizes and spellings as published, written down here a second time: the headers must agree with them.

extern "C" const std::size_t wmsdk_slots[4];  // counted by C: table_of_methods.c

// Would not compile beside a right of this name.
enum { WMT_RIGHT_BACKUP };

namespace {

struct row {
  std::string_view name;
  std::uint32_t in_header;
  std::uint32_t published;
};

#define ROW(name, published) \
  { #name, static_cast < std::uint32_t>(name), published }

template <std::size_t Size>
void check_numbers(const row (&rows)[Size]) {
  for (const row& each : rows) {
    INFO(each.name);
    CHECK(each.in_header == each.published);
  }
}

// As it is published: XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX.
std::string text_of(const GUID& id) {
  char text[37] = {};
  std::snprintf(text, sizeof text, "%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X", static_cast<unsigned>(id.Data1),
                static_cast<unsigned>(id.Data2), static_cast<unsigned>(id.Data3), id.Data4[0], id.Data4[1], id.Data4[2],
                id.Data4[3], id.Data4[4], id.Data4[5], id.Data4[6], id.Data4[7]);
  return text;
}

// One char for each unit of a UTF-16 text of ASCII characters.
std::string ascii(LPCWSTR text) {
  std::string result;
  for (; *text != 0; ++text) {
    REQUIRE(*text < 0x80);
    result += static_cast<char>(*text);
  }
  return result;
}

}  // namespace

TEST_CASE("interfaces have their published identifiers", "[wmsdk][C15]") {
  CHECK(text_of(IID_IUnknown) == "00000000-0000-0000-C000-000000000046");
  CHECK(text_of(IID_IWMLicenseBackup) == "05E5AC9F-3FB6-4508-BB43-A4067BA1EBE8");
  CHECK(text_of(IID_IWMLicenseRestore) == "C70B6334-A22E-4EFB-A245-15E65A004A13");
  CHECK(text_of(IID_IWMBackupRestoreProps) == "3C8E0DA6-996F-4FF3-A1AF-4838F9377E2E");
  CHECK(text_of(IID_IWMStatusCallback) == "6D7CDC70-9888-11D3-8EDC-00C04F6109CF");
  CHECK(sizeof(GUID) == 16);
}

TEST_CASE("identifiers are equal where every byte is", "[wmsdk][C15]") {
  GUID id = IID_IWMLicenseBackup;
  CHECK(id == IID_IWMLicenseBackup);
  CHECK(id != IID_IWMLicenseRestore);
  for (std::size_t i = 0; i < sizeof id; ++i) {
    CAPTURE(i);
    reinterpret_cast<unsigned char*>(&id)[i] ^= 1;
    CHECK(id != IID_IWMLicenseBackup);
    CHECK_FALSE(IsEqualIID(id, IID_IWMLicenseBackup));
    reinterpret_cast<unsigned char*>(&id)[i] ^= 1;
  }
}

TEST_CASE("the tables of methods have their published numbers of slots", "[wmsdk][C16]") {
  CHECK(wmsdk_slots[0] == 5);  // IWMLicenseBackup
  CHECK(wmsdk_slots[1] == 5);  // IWMLicenseRestore
  CHECK(wmsdk_slots[2] == 9);  // IWMBackupRestoreProps
  CHECK(wmsdk_slots[3] == 4);  // IWMStatusCallback
}

TEST_CASE("statuses have their published numbers", "[wmsdk][C119]") {
  check_numbers({
      ROW(WMT_ERROR, 0),
      ROW(WMT_OPENED, 1),
      ROW(WMT_BUFFERING_START, 2),
      ROW(WMT_BUFFERING_STOP, 3),
      ROW(WMT_EOF, 4),
      ROW(WMT_END_OF_FILE, 4),
      ROW(WMT_END_OF_SEGMENT, 5),
      ROW(WMT_END_OF_STREAMING, 6),
      ROW(WMT_LOCATING, 7),
      ROW(WMT_CONNECTING, 8),
      ROW(WMT_NO_RIGHTS, 9),
      ROW(WMT_MISSING_CODEC, 10),
      ROW(WMT_STARTED, 11),
      ROW(WMT_STOPPED, 12),
      ROW(WMT_CLOSED, 13),
      ROW(WMT_STRIDING, 14),
      ROW(WMT_TIMER, 15),
      ROW(WMT_INDEX_PROGRESS, 16),
      ROW(WMT_SAVEAS_START, 17),
      ROW(WMT_SAVEAS_STOP, 18),
      ROW(WMT_NEW_SOURCEFLAGS, 19),
      ROW(WMT_NEW_METADATA, 20),
      ROW(WMT_BACKUPRESTORE_BEGIN, 21),
      ROW(WMT_SOURCE_SWITCH, 22),
      ROW(WMT_ACQUIRE_LICENSE, 23),
      ROW(WMT_INDIVIDUALIZE, 24),
      ROW(WMT_NEEDS_INDIVIDUALIZATION, 25),
      ROW(WMT_NO_RIGHTS_EX, 26),
      ROW(WMT_BACKUPRESTORE_END, 27),
      ROW(WMT_BACKUPRESTORE_CONNECTING, 28),
      ROW(WMT_BACKUPRESTORE_DISCONNECTING, 29),
      ROW(WMT_ERROR_WITHURL, 30),
      ROW(WMT_RESTRICTED_LICENSE, 31),
      ROW(WMT_CLIENT_CONNECT, 32),
      ROW(WMT_CLIENT_DISCONNECT, 33),
      ROW(WMT_NATIVE_OUTPUT_PROPS_CHANGED, 34),
      ROW(WMT_RECONNECT_START, 35),
      ROW(WMT_RECONNECT_END, 36),
      ROW(WMT_CLIENT_CONNECT_EX, 37),
      ROW(WMT_CLIENT_DISCONNECT_EX, 38),
      ROW(WMT_SET_FEC_SPAN, 39),
      ROW(WMT_PREROLL_READY, 40),
      ROW(WMT_PREROLL_COMPLETE, 41),
      ROW(WMT_CLIENT_PROPERTIES, 42),
      ROW(WMT_LICENSEURL_SIGNATURE_STATE, 43),
      ROW(WMT_INIT_PLAYLIST_BURN, 44),
      ROW(WMT_TRANSCRYPTOR_INIT, 45),
      ROW(WMT_TRANSCRYPTOR_SEEKED, 46),
      ROW(WMT_TRANSCRYPTOR_READ, 47),
      ROW(WMT_TRANSCRYPTOR_CLOSED, 48),
      ROW(WMT_PROXIMITY_RESULT, 49),
      ROW(WMT_PROXIMITY_COMPLETED, 50),
      ROW(WMT_CONTENT_ENABLER, 51),
  });
}

TEST_CASE("a native status has the number and the name of its Windows one", "[wmsdk][C119]") {
  using reinstate::status;
#define PAIR(native, windows) \
  { status::native, windows, #windows }
  const auto& [native, windows, name] = GENERATE(table<status, WMT_STATUS, std::string>({
      PAIR(begin, WMT_BACKUPRESTORE_BEGIN),
      PAIR(individualize, WMT_INDIVIDUALIZE),
      PAIR(needs_individualization, WMT_NEEDS_INDIVIDUALIZATION),
      PAIR(end, WMT_BACKUPRESTORE_END),
      PAIR(connecting, WMT_BACKUPRESTORE_CONNECTING),
      PAIR(disconnecting, WMT_BACKUPRESTORE_DISCONNECTING),
      PAIR(error_with_url, WMT_ERROR_WITHURL),
      PAIR(restricted_license, WMT_RESTRICTED_LICENSE),
  }));
  CHECK(static_cast<std::uint32_t>(native) == static_cast<std::uint32_t>(windows));
  CHECK("WMT_" + std::string{name_of(native)} == name);
  CHECK(static_cast<std::uint32_t>(status::progress) > WMT_CONTENT_ENABLER);
}

TEST_CASE("types of values have their published numbers", "[wmsdk][C120]") {
  check_numbers({
      ROW(WMT_TYPE_DWORD, 0),
      ROW(WMT_TYPE_STRING, 1),
      ROW(WMT_TYPE_BINARY, 2),
      ROW(WMT_TYPE_BOOL, 3),
      ROW(WMT_TYPE_QWORD, 4),
      ROW(WMT_TYPE_WORD, 5),
      ROW(WMT_TYPE_GUID, 6),
  });
}

TEST_CASE("rights have their published bits, and none is the backup right", "[wmsdk][C121]") {
  check_numbers({
      ROW(WMT_RIGHT_PLAYBACK, 0x1),
      ROW(WMT_RIGHT_COPY_TO_NON_SDMI_DEVICE, 0x2),
      ROW(WMT_RIGHT_COPY_TO_CD, 0x8),
      ROW(WMT_RIGHT_COPY_TO_SDMI_DEVICE, 0x10),
      ROW(WMT_RIGHT_ONE_TIME, 0x20),
      ROW(WMT_RIGHT_SAVE_STREAM_PROTECTED, 0x40),
      ROW(WMT_RIGHT_COPY, 0x80),
      ROW(WMT_RIGHT_COLLABORATIVE_PLAY, 0x100),
      ROW(WMT_RIGHT_SDMI_TRIGGER, 0x10000),
      ROW(WMT_RIGHT_SDMI_NOMORECOPIES, 0x20000),
  });
}

TEST_CASE("flags have their published numbers", "[wmsdk][C122]") {
  check_numbers({
      ROW(WM_BACKUP_OVERWRITE, 1),
      ROW(WM_RESTORE_INDIVIDUALIZE, 2),
      ROW(WMDRM_BACKUP_OVERWRITE, 1),
      ROW(WMDRM_RESTORE_INDIVIDUALIZE, 2),
      ROW(WMDRM_SECURITY_PERFORM_INDIV, 1),
      ROW(WMDRM_SECURITY_PERFORM_REVOCATION_REFRESH, 2),
      ROW(WMDRM_SECURITY_PERFORM_FORCE_INDIV, 4),
      ROW(WMDRM_DELETE_LICENSE_IMMEDIATELY, 1),
      ROW(WMDRM_DELETE_LICENSE_MARK_FOR_PURGE, 2),
      ROW(WMDRM_CLEAN_LICENSE_STORE_SYNC, 1),
      ROW(WMDRM_CLEAN_LICENSE_STORE_ASYNC, 2),
      ROW(WMDRM_LICENSE_TYPE_XML, 1),
      ROW(WMDRM_LICENSE_TYPE_XMR, 2),
      ROW(WMDRM_ACQUIRE_LICENSE_SILENT, 1),
      ROW(WMDRM_ACQUIRE_LICENSE_NONSILENT, 2),
      ROW(WMDRM_ACQUIRE_LICENSE_LEGACY_NONSILENT, 4),
      ROW(DRM_LICENSE_STATE_DATA_VAGUE, 1),
      ROW(DRM_LICENSE_STATE_DATA_OPL_PRESENT, 2),
      ROW(DRM_LICENSE_STATE_DATA_SAP_PRESENT, 4),
  });
}

TEST_CASE("properties are spelled as documented, as literals and natively", "[wmsdk][C125]") {
  const WCHAR backup[] = REINSTATE_WMSDK_TEXT("BackupPath");
  const WCHAR restore[] = REINSTATE_WMSDK_TEXT("RestorePath");
  CHECK(ascii(backup) == "BackupPath");
  CHECK(ascii(restore) == "RestorePath");
  CHECK(reinstate::backup_path_property == ascii(backup));
  CHECK(reinstate::restore_path_property == ascii(restore));
}

TEST_CASE("rights are spelled as documented", "[wmsdk][C126]") {
  CHECK(ascii(g_wszWMDRM_RIGHT_BACKUP) == "Backup");
  CHECK(ascii(g_wszWMDRM_RIGHT_PLAYBACK) == "Play");
  CHECK(ascii(g_wszWMDRM_RIGHT_COPY) == "Copy");
  CHECK(ascii(g_wszWMDRM_RIGHT_PLAYLIST_BURN) == "PlaylistBurn");
  CHECK(ascii(g_wszWMDRM_RIGHT_CREATE_THUMBNAIL_IMAGE) == "CreateThumbnailImage");
  CHECK(ascii(g_wszWMDRM_RIGHT_COPY_TO_CD) == "Print.redbook");
  CHECK(ascii(g_wszWMDRM_RIGHT_COPY_TO_SDMI_DEVICE) == "Transfer.SDMI");
  CHECK(ascii(g_wszWMDRM_RIGHT_COPY_TO_NON_SDMI_DEVICE) == "Transfer.NONSDMI");
  CHECK(ascii(g_wszWMDRM_RIGHT_COLLABORATIVE_PLAY) == "CollaborativePlay");
  CHECK(ascii(g_wszWMDRM_ActionAllowed) + "Backup" == ascii(g_wszWMDRM_ActionAllowed_Backup));
  CHECK(ascii(g_wszWMDRM_ActionAllowed_Backup) == "ActionAllowed.Backup");
  CHECK(ascii(g_wszWMDRM_LicenseState) + "Backup" == ascii(g_wszWMDRM_LicenseState_Backup));
  CHECK(ascii(g_wszWMDRM_LicenseState_Backup) == "LicenseStateData.Backup");
  CHECK(ascii(g_wszWMDRM_LicenseID) == "LID");
  CHECK(ascii(g_wszWMDRM_DRMHeader_KeyID) == "DRMHeader.KID");
}

TEST_CASE("types have the sizes of Windows", "[wmsdk][C127]") {
  CHECK(sizeof(BYTE) == 1);
  CHECK(sizeof(WORD) == 2);
  CHECK(sizeof(WCHAR) == 2);
  CHECK(sizeof(DWORD) == 4);
  CHECK(sizeof(ULONG) == 4);
  CHECK(sizeof(BOOL) == 4);
  CHECK(sizeof(HRESULT) == 4);
  CHECK(sizeof(QWORD) == 8);
  CHECK((std::is_signed_v<HRESULT> && std::is_signed_v<BOOL>));
  CHECK((std::is_unsigned_v<DWORD> && std::is_unsigned_v<ULONG> && std::is_unsigned_v<WORD>));
}

TEST_CASE("a unit of text is wchar_t where that has 16 bits, else char16_t", "[wmsdk][O17]") {
  CHECK(std::is_same_v<WCHAR, std::conditional_t<sizeof(wchar_t) == 2, wchar_t, char16_t>>);
}

TEST_CASE("structures have their published sizes", "[wmsdk][C128]") {
  const bool wide = sizeof(void*) == 8;
  CHECK(sizeof(WM_INDIVIDUALIZE_STATUS) == (wide ? 32 : 28));
  CHECK(sizeof(WM_GET_LICENSE_DATA) == (wide ? 40 : 24));
  CHECK(sizeof(WM_BACKUP_RESTORE_STATUS) == (wide ? 16 : 8));
  CHECK(sizeof(DRM_LICENSE_STATE_DATA) == 68);
  CHECK(sizeof(WMDRM_LICENSE_FILTER) == (wide ? 32 : 16));
}

TEST_CASE("what structures are filled with has its published numbers", "[wmsdk][C128]") {
  check_numbers({
      ROW(INDI_UNDEFINED, 0),
      ROW(INDI_BEGIN, 1),
      ROW(INDI_SUCCEED, 2),
      ROW(INDI_FAIL, 4),
      ROW(INDI_CANCEL, 8),
      ROW(INDI_DOWNLOAD, 0x10),
      ROW(INDI_INSTALL, 0x20),
      ROW(HTTP_NOTINITIATED, 0),
      ROW(HTTP_CONNECTING, 1),
      ROW(HTTP_REQUESTING, 2),
      ROW(HTTP_RECEIVING, 3),
      ROW(HTTP_COMPLETED, 4),
      ROW(WM_DRM_LICENSE_STATE_NORIGHT, 0),
      ROW(WM_DRM_LICENSE_STATE_UNLIM, 1),
      ROW(WM_DRM_LICENSE_STATE_COUNT, 2),
      ROW(WM_DRM_LICENSE_STATE_FROM, 3),
      ROW(WM_DRM_LICENSE_STATE_UNTIL, 4),
      ROW(WM_DRM_LICENSE_STATE_FROM_UNTIL, 5),
      ROW(WM_DRM_LICENSE_STATE_COUNT_FROM, 6),
      ROW(WM_DRM_LICENSE_STATE_COUNT_UNTIL, 7),
      ROW(WM_DRM_LICENSE_STATE_COUNT_FROM_UNTIL, 8),
      ROW(WM_DRM_LICENSE_STATE_EXPIRATION_AFTER_FIRSTUSE, 9),
  });
  using reinstate::individualization;
  CHECK(static_cast<int>(individualization::begin) == INDI_BEGIN);
  CHECK(static_cast<int>(individualization::succeeded) == INDI_SUCCEED);
  CHECK(static_cast<int>(individualization::failed) == INDI_FAIL);
  CHECK(static_cast<int>(individualization::canceled) == INDI_CANCEL);
}

TEST_CASE("the sibling interfaces have status numbers of their own", "[wmsdk][C129]") {
  check_numbers({
      ROW(DRM_ERROR, 0),
      ROW(DRM_INFORMATION, 1),
      ROW(DRM_BACKUPRESTORE_BEGIN, 2),
      ROW(DRM_BACKUPRESTORE_END, 3),
      ROW(DRM_BACKUPRESTORE_CONNECTING, 4),
      ROW(DRM_BACKUPRESTORE_DISCONNECTING, 5),
      ROW(DRM_ERROR_WITHURL, 6),
      ROW(DRM_RESTRICTED_LICENSE, 7),
      ROW(DRM_NEEDS_INDIVIDUALIZATION, 8),
      ROW(DRM_PLAY_OPL_NOTIFICATION, 9),
      ROW(DRM_COPY_OPL_NOTIFICATION, 10),
      ROW(DRM_REFRESHCRL_COMPLETE, 11),
  });
  CHECK(int{DRM_BACKUPRESTORE_BEGIN} != int{WMT_BACKUPRESTORE_BEGIN});
  CHECK(int{DRM_BACKUPRESTORE_END} != int{WMT_BACKUPRESTORE_END});
}
