#include "kitchen/stove.hpp"
#include "shelf.hpp"
