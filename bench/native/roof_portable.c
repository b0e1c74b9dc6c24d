#include "vec/portable.h"
#include "vec/portable_bits.h"
#define ROOF roof_portable
#include "roof_loops.h"
