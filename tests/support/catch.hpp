// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_CATCH_HPP
#define REINSTATE_TESTS_CATCH_HPP

// Catch2 of either major version: Debian 12 has 2, newer systems have 3.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#endif
