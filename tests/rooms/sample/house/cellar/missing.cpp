#include "kitchen/oven.hpp"
