// SPDX-License-Identifier: BSL-1.0
#include "player.hpp"

using namespace reinstate;
using namespace reinstate::wmsdk_test;

// Properties, read through what operations make of them, since the object gives none back.

namespace {

constexpr WCHAR high_surrogate = 0xD83D;
constexpr WCHAR low_surrogate = 0xDE00;

// A copy on the heap without a byte to spare, where a sanitizer sees who reads on.
template <class Unit>
std::unique_ptr<Unit[]> exactly(const Unit* begin, std::size_t count) {
  auto out = std::make_unique<Unit[]>(count);
  std::copy_n(begin, count, out.get());
  return out;
}

HRESULT set_bytes(const restorer& object, const wide& name, const wide& value, std::size_t bytes) {
  const auto exact_name = exactly(name.c_str(), name.size() + 1);
  const auto exact_value = exactly(reinterpret_cast<const BYTE*>(value.c_str()), bytes);
  return object.props->SetProp(exact_name.get(), WMT_TYPE_STRING, exact_value.get(), static_cast<WORD>(bytes));
}

}  // namespace

TEST_CASE("both paths can be set, with the terminator counted or not", "[wmsdk][C20][C21][C26][C27]") {
  const terminator end = GENERATE(terminator::counted, terminator::left_out);
  player p;
  p.fill(2);
  const restorer object = p.open();
  const auto heard = p.callback();
  REQUIRE(object.props->RemoveAllProps() == S_OK);
  CHECK(set(*object.props, backup_path, path_text(p.stick()), end) == S_OK);
  CHECK(set(*object.props, restore_path, path_text(p.stick()), end) == S_OK);
  CHECK(p.back_up(object, *heard) == S_OK);
  heard->forget();
  CHECK(p.restore(object, *heard) == S_OK);
}

TEST_CASE("only strings can be set, and a refused value changes nothing", "[wmsdk][C22][C23][C24][C25]") {
  const auto number = GENERATE(0u, 2u, 3u, 4u, 5u, 6u, 7u, 0x7FFFFFFFu);
  player p;
  p.fill(1);
  const restorer object = p.open();
  const auto type = static_cast<WMT_ATTR_DATATYPE>(number);
  const wide other = text("/nowhere");
  CHECK(object.props->SetProp(backup_path.c_str(), type, reinterpret_cast<const BYTE*>(other.c_str()), 18) ==
        E_INVALIDARG);
  CHECK(p.back_up(object, *p.callback()) == S_OK);
}

TEST_CASE("a value of half a character is refused and changes nothing", "[wmsdk][C25][C28]") {
  const std::size_t bytes = GENERATE(1u, 3u, 65535u);
  player p;
  p.fill(1);
  const restorer object = p.open();
  const wide value(32768, WCHAR('x'));
  CHECK(set_bytes(object, backup_path, value, bytes) == E_INVALIDARG);
  CHECK(p.back_up(object, *p.callback()) == S_OK);
}

TEST_CASE("null is no name and no value", "[wmsdk][C29][C35]") {
  player p;
  const restorer object = p.open();
  const wide value = text("value");
  const auto* const bytes = reinterpret_cast<const BYTE*>(value.c_str());
  const WORD length = GENERATE(as<WORD>(), 0, 1, 10, 65534, 65535);
  CHECK(object.props->SetProp(nullptr, WMT_TYPE_STRING, bytes, 10) == E_INVALIDARG);
  CHECK(object.props->SetProp(backup_path.c_str(), WMT_TYPE_STRING, nullptr, length) == E_INVALIDARG);
  CHECK(object.props->SetProp(nullptr, WMT_TYPE_STRING, nullptr, length) == E_INVALIDARG);
  CHECK(object.props->SetProp(nullptr, WMT_TYPE_DWORD, nullptr, length) == E_INVALIDARG);
  CHECK(object.props->RemoveProp(nullptr) == E_INVALIDARG);
}

TEST_CASE("a second value replaces the first", "[wmsdk][C30]") {
  player p;
  p.fill(1);
  const fs::path other = p.stick() / "other";
  fs::create_directory(other);
  const restorer object = p.open();
  REQUIRE(set(*object.props, backup_path, path_text(other)) == S_OK);
  REQUIRE(p.back_up(object, *p.callback()) == S_OK);
  CHECK(player::files_of(other).size() == p.files().size());
}

TEST_CASE("unknown names are stored", "[wmsdk][C31][O13]") {
  player p;
  const restorer object = p.open();
  const wide name = text("Nobody knows this one");
  CHECK(set(*object.props, name, text("value")) == S_OK);
  CHECK(object.props->RemoveProp(name.c_str()) == S_OK);
  CHECK(object.props->RemoveProp(name.c_str()) == S_FALSE);
}

TEST_CASE("names are compared exactly, as UTF-16 too", "[wmsdk][C32][O13]") {
  player p;
  p.fill(1);
  const restorer object = p.open();
  CHECK(object.props->RemoveProp(text("backuppath").c_str()) == S_FALSE);
  CHECK(object.props->RemoveProp(text("BackupPath ").c_str()) == S_FALSE);
  CHECK(object.props->RemoveProp(text("BackupPat").c_str()) == S_FALSE);
  CHECK(set(*object.props, text("BACKUPPATH"), text("/nowhere")) == S_OK);
  CHECK(p.back_up(object, *p.callback()) == S_OK);
}

TEST_CASE("a value of the greatest length is kept to its last character", "[wmsdk][C33]") {
  player p, other;
  p.fill(1);
  other.individualize();
  const wide longest(32767, WCHAR('x'));
  wide almost = longest;
  almost.back() = WCHAR('y');
  const restorer object = p.open();
  REQUIRE(set_bytes(object, passphrase, longest, 65534) == S_OK);
  REQUIRE(p.back_up(object, *p.callback()) == S_OK);

  const restorer elsewhere = other.open();
  player::use(elsewhere, p.stick());
  REQUIRE(set_bytes(elsewhere, passphrase, almost, 65534) == S_OK);
  CHECK(other.restore(elsewhere, *other.callback()) == NS_E_DRM_INVALID_SECURESTORE_PASSWORD);
  REQUIRE(set_bytes(elsewhere, passphrase, longest, 65534) == S_OK);
  CHECK(other.restore(elsewhere, *other.callback()) == S_OK);
}

TEST_CASE("removing says whether there was anything", "[wmsdk][C34][C35][O13]") {
  player p;
  const restorer object = p.open();
  CHECK(object.props->RemoveProp(backup_path.c_str()) == S_OK);
  CHECK(object.props->RemoveProp(backup_path.c_str()) == S_FALSE);
  CHECK(object.backup->BackupLicenses(0, p.callback().get()) == NS_E_DRM_INVALID_PROPERTY);
}

TEST_CASE("all properties are removed at once, also when there are none", "[wmsdk][C36]") {
  player p;
  const restorer object = p.open();
  CHECK(object.props->RemoveAllProps() == S_OK);
  CHECK(object.props->RemoveAllProps() == S_OK);
  CHECK(object.props->RemoveProp(restore_path.c_str()) == S_FALSE);
}

TEST_CASE("the getters are not implemented and touch nothing", "[wmsdk][C37][C38][O8]") {
  player p;
  const restorer object = p.open();
  WORD count = 11, name_length = 22, length = 33;
  WCHAR name[22] = {WCHAR('n')};
  BYTE value[33] = {77};
  auto type = WMT_TYPE_GUID;
  CHECK(object.props->GetPropCount(&count) == E_NOTIMPL);
  CHECK(object.props->GetPropByIndex(0, name, &name_length, &type, value, &length) == E_NOTIMPL);
  CHECK(object.props->GetPropByName(backup_path.c_str(), &type, value, &length) == E_NOTIMPL);
  CHECK(object.props->GetPropByIndex(0xFFFF, nullptr, &name_length, &type, nullptr, &length) == E_NOTIMPL);
  CHECK(object.props->GetPropByName(nullptr, &type, nullptr, &length) == E_NOTIMPL);
  CHECK((count == 11 && name_length == 22 && length == 33));
  CHECK((name[0] == 'n' && value[0] == 77 && type == WMT_TYPE_GUID));
}

TEST_CASE("null is no trouble for the getters", "[wmsdk][C37]") {
  player p;
  const restorer object = p.open();
  CHECK(object.props->GetPropCount(nullptr) == E_NOTIMPL);
  CHECK(object.props->GetPropByIndex(0, nullptr, nullptr, nullptr, nullptr, nullptr) == E_NOTIMPL);
  CHECK(object.props->GetPropByName(nullptr, nullptr, nullptr, nullptr) == E_NOTIMPL);
}

TEST_CASE("properties send no events", "[wmsdk][C39]") {
  player p;
  const auto heard = p.callback();
  const restorer object = p.open(*heard);
  CHECK(set(*object.props, backup_path, text("/somewhere")) == S_OK);
  CHECK(object.props->RemoveProp(backup_path.c_str()) == S_OK);
  CHECK(object.props->RemoveAllProps() == S_OK);
  CHECK_FALSE(p.loop->has_task());
  CHECK(heard->events().empty());
}

TEST_CASE("one value serves operation after operation", "[wmsdk][C46]") {
  player p;
  p.fill(2);
  const restorer object = p.open();
  for (int i = 0; i != 3; ++i) {
    CHECK(p.back_up(object, *p.callback(), WM_BACKUP_OVERWRITE) == S_OK);
    CHECK(p.restore(object, *p.callback()) == S_OK);
  }
}

TEST_CASE("what runs keeps the properties it started with", "[wmsdk][C47]") {
  player p;
  p.fill(2);
  const restorer object = p.open();
  const auto heard = p.callback([&](const event& got) {
    if (got.status == WMT_BACKUPRESTORE_BEGIN) {
      CHECK(set(*object.props, backup_path, text("/nowhere")) == S_OK);
      CHECK(object.props->RemoveAllProps() == S_OK);
    }
    return S_OK;
  });
  CHECK(p.back_up(object, *heard) == S_OK);
  CHECK_FALSE(p.files().empty());
}

TEST_CASE("each object has properties of its own", "[wmsdk][C48]") {
  player p;
  p.fill(1);
  const restorer one = p.open(), other = p.open();
  REQUIRE(set(*one.props, backup_path, text("/nowhere")) == S_OK);
  REQUIRE(one.props->RemoveProp(restore_path.c_str()) == S_OK);
  CHECK(p.back_up(other, *p.callback()) == S_OK);
  CHECK(p.restore(other, *p.callback()) == S_OK);
}

TEST_CASE("a folder's name may be in any script", "[wmsdk][C49]") {
  const std::u16string name =
      GENERATE(values<std::u16string>({u"S\u00E4cke & K\u00F6rbe", u"\u30E9\u30A4\u30BB\u30F3\u30B9",
                                       u"\U0001D11E\U0001F600", u"a b\tc", u"\uFEFF", u"\uFFFD\uFFFF"}));
  player p, other;
  p.fill(2);
  other.individualize();
  const fs::path folder = p.stick() / fs::path(name);
  REQUIRE(fs::create_directory(folder));
  const restorer object = p.open(), elsewhere = other.open();
  player::use(object, folder);
  player::use(elsewhere, folder);
  CHECK(p.back_up(object, *p.callback()) == S_OK);
  CHECK_FALSE(player::files_of(folder).empty());
  CHECK(other.restore(elsewhere, *other.callback()) == S_OK);
  CHECK(contents(*other.store()).size() == 2);
}

TEST_CASE("a path that is not full is refused by the operation", "[wmsdk][C49]") {
  const wide path = text(GENERATE(values<std::string_view>(
      {"stick", "./stick", "../stick", ".", "A:\\", "D:\\Licenses", "\\\\server\\share", "c:/"})));
  player p;
  p.fill(1);
  const restorer object = p.open();
  for (const wide& name : {backup_path, restore_path}) REQUIRE(set(*object.props, name, path) == S_OK);
  CHECK(p.back_up(object, *p.callback()) == E_INVALIDARG);
  CHECK(p.back_up(object, *p.callback(), WM_BACKUP_OVERWRITE) == E_INVALIDARG);
  CHECK(p.restore(object, *p.callback()) == E_INVALIDARG);
}

TEST_CASE("a path longer than the system takes is refused by the operation", "[wmsdk][C33][C49]") {
  player p;
  p.fill(1);
  const restorer object = p.open();
  // Cut short anywhere, this would be the stick.
  wide path = path_text(p.stick());
  path.append(32767 - path.size(), WCHAR('/'));
  for (const wide& name : {backup_path, restore_path}) REQUIRE(set_bytes(object, name, path, 65534) == S_OK);
  CHECK(FAILED(p.back_up(object, *p.callback())));
  CHECK(FAILED(p.restore(object, *p.callback())));
  CHECK(p.files().empty());
}

TEST_CASE("an empty value is stored, and is no path", "[wmsdk][C26]") {
  const std::size_t bytes = GENERATE(0u, 2u);
  player p;
  const restorer object = p.open();
  REQUIRE(set_bytes(object, backup_path, wide(), bytes) == S_OK);
  CHECK(p.back_up(object, *p.callback()) == E_INVALIDARG);
  CHECK(object.props->RemoveProp(backup_path.c_str()) == S_OK);
}

TEST_CASE("an empty name is no name", "[wmsdk][C29]") {
  player p;
  const restorer object = p.open();
  CHECK(set(*object.props, wide(), text("value")) == E_INVALIDARG);
  CHECK(object.props->RemoveProp(wide().c_str()) != S_OK);
}

TEST_CASE("half a surrogate pair is no text", "[wmsdk][C20]") {
  const wide broken = GENERATE(values<wide>(
      {wide{high_surrogate}, wide{low_surrogate}, wide{'a', high_surrogate, 'b'}, wide{low_surrogate, high_surrogate},
       wide{high_surrogate, high_surrogate, low_surrogate}, wide{'a', low_surrogate}}));
  player p;
  const restorer object = p.open();
  CHECK(set_bytes(object, backup_path, broken, broken.size() * 2) == E_INVALIDARG);
  CHECK(set_bytes(object, broken, text("value"), 10) == E_INVALIDARG);
  CHECK(FAILED(object.props->RemoveProp(exactly(broken.c_str(), broken.size() + 1).get())));
  CHECK(object.props->RemoveProp(backup_path.c_str()) == S_OK);
}

TEST_CASE("text after the end of a string is refused, zeros there are not", "[wmsdk][C26]") {
  player p;
  p.fill(1);
  const restorer object = p.open();
  const wide path = path_text(p.stick());
  const wide tail = path + wide(100, WCHAR(0));
  wide hidden = tail;
  hidden.back() = WCHAR('x');
  CHECK(set_bytes(object, backup_path, tail, tail.size() * 2) == S_OK);
  CHECK(set_bytes(object, backup_path, hidden, hidden.size() * 2) == E_INVALIDARG);
  CHECK(set_bytes(object, backup_path, wide{0, 'x'}, 4) == E_INVALIDARG);
  CHECK(p.back_up(object, *p.callback()) == S_OK);
}

TEST_CASE("a value may lie at any address", "[wmsdk][C20]") {
  player p;
  p.fill(1);
  const restorer object = p.open();
  const wide path = path_text(p.stick());
  std::vector<BYTE> shifted(path.size() * 2 + 1);
  std::memcpy(shifted.data() + 1, path.data(), path.size() * 2);
  REQUIRE(object.props->SetProp(backup_path.c_str(), WMT_TYPE_STRING, shifted.data() + 1,
                                static_cast<WORD>(path.size() * 2)) == S_OK);
  CHECK(p.back_up(object, *p.callback()) == S_OK);
}

TEST_CASE("a name has at most 1023 characters, and no more is read", "[wmsdk][C31]") {
  player p;
  const restorer object = p.open();
  const wide longest(1023, WCHAR('n')), endless(1024, WCHAR('n'));
  CHECK(set_bytes(object, longest, text("value"), 10) == S_OK);
  CHECK(object.props->RemoveProp(longest.substr(1).c_str()) == S_FALSE);
  CHECK(object.props->RemoveProp(longest.c_str()) == S_OK);
  const auto unterminated = exactly(endless.c_str(), endless.size());
  CHECK(object.props->SetProp(unterminated.get(), WMT_TYPE_STRING, reinterpret_cast<const BYTE*>("a"), 2) ==
        E_INVALIDARG);
  CHECK(object.props->RemoveProp(unterminated.get()) == E_INVALIDARG);
}

TEST_CASE("a backup made with a passphrase opens elsewhere with that one alone", "[wmsdk][C31][C92]") {
  player p, other;
  p.fill(3);
  other.individualize();
  const restorer object = p.open();
  REQUIRE(set(*object.props, passphrase, text("correct horse")) == S_OK);
  REQUIRE(p.back_up(object, *p.callback()) == S_OK);
  for (const auto& [name, content] : p.files()) CHECK_FALSE(name.ends_with(".txt") != name.starts_with("README"));

  const restorer elsewhere = other.open();
  player::use(elsewhere, p.stick());
  CHECK(other.restore(elsewhere, *other.callback()) == NS_E_DRM_NOT_CONFIGURED);
  REQUIRE(set(*elsewhere.props, passphrase, text("correct house")) == S_OK);
  CHECK(other.restore(elsewhere, *other.callback()) == NS_E_DRM_INVALID_SECURESTORE_PASSWORD);
  REQUIRE(set(*elsewhere.props, passphrase, wide()) == S_OK);
  CHECK(other.restore(elsewhere, *other.callback()) == NS_E_DRM_NOT_CONFIGURED);
  CHECK(contents(*other.store()).empty());
  REQUIRE(set(*elsewhere.props, passphrase, text("correct horse")) == S_OK);
  CHECK(other.restore(elsewhere, *other.callback()) == S_OK);
  CHECK(contents(*other.store()).size() == 3);
}

TEST_CASE("a passphrase that was removed is forgotten", "[wmsdk][C34][C36]") {
  const bool all = GENERATE(false, true);
  player p, other;
  p.fill(1);
  other.individualize();
  const restorer object = p.open(), elsewhere = other.open();
  REQUIRE(set(*object.props, passphrase, text("correct horse")) == S_OK);
  REQUIRE(p.back_up(object, *p.callback()) == S_OK);

  REQUIRE(set(*elsewhere.props, passphrase, text("correct horse")) == S_OK);
  if (all)
    CHECK(elsewhere.props->RemoveAllProps() == S_OK);
  else
    CHECK(elsewhere.props->RemoveProp(passphrase.c_str()) == S_OK);
  CHECK(elsewhere.props->RemoveProp(passphrase.c_str()) == S_FALSE);
  player::use(elsewhere, p.stick());
  CHECK(other.restore(elsewhere, *other.callback()) == NS_E_DRM_NOT_CONFIGURED);
}

TEST_CASE("without a passphrase the folder is all it takes", "[wmsdk][C92]") {
  player p, other;
  p.fill(3);
  other.individualize();
  REQUIRE(p.back_up() == S_OK);
  const restorer elsewhere = other.open();
  player::use(elsewhere, p.stick());
  CHECK(other.restore(elsewhere, *other.callback()) == S_OK);
  CHECK(same_contents(*p.store(), *other.store()));
}
