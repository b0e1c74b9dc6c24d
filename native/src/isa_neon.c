#include "vec/neon.h"
#include "vec/neon_bits.h"
#include "kernels/all.h"
