/* SPDX-License-Identifier: BSL-1.0 */
#ifndef EXAMPLE_UTF16_H
#define EXAMPLE_UTF16_H

/* Converts arguments, which are UTF-8, to the object's strings, which are UTF-16. */

#include <stddef.h>
#include <stdint.h>

/* Returns the character at *text and advances *text past it. Returns -1 if the text is not UTF-8. */
static int32_t next_character(const unsigned char** text) {
  const unsigned char first = *(*text)++;
  const int more = first < 0x80 ? 0 : first >= 0xC2 && first < 0xE0 ? 1 : (first & 0xF0) == 0xE0 ? 2 : 3;
  if (more == 0) return first;
  if (first < 0xC2 || first > 0xF4) return -1;
  int32_t character = first & (0x3F >> more);
  for (int i = 0; i != more; ++i) {
    if ((**text & 0xC0) != 0x80) return -1;
    character = character << 6 | (*(*text)++ & 0x3F);
  }
  return character;
}

/* Writes the text and a terminating zero. Returns their size in bytes, or 0 if they do not fit or are not UTF-8. */
static size_t to_utf16(const char* utf8, uint16_t* out, size_t capacity) {
  const unsigned char* at = (const unsigned char*)utf8;
  size_t length = 0;
  while (*at != 0) {
    const int32_t character = next_character(&at);
    if (character < 0 || capacity - length < 3) return 0; /* two units and the zero */
    if (character < 0x10000) {
      out[length++] = (uint16_t)character;
    } else {
      out[length++] = (uint16_t)(0xD7C0 + (character >> 10));
      out[length++] = (uint16_t)(0xDC00 + (character & 0x3FF));
    }
  }
  out[length] = 0;
  return (length + 1) * sizeof *out;
}

#endif
