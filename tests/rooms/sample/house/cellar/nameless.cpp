#include "shelf.hpp"
#include "kitchen/stove.hpp"
