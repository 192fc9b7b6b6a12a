#include <vector>

// clang-format off
#include "house/cellar/shelf.hpp"
  #  include "kitchen/stove.hpp"
