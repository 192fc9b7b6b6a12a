#include "house/cellar/shelf.hpp"
#include "kitchen/stove.hpp"

#include "house/attic/beam.hpp"  // no arrow leads up
