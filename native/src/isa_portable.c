#include "vec/portable.h"
#include "vec/portable_bits.h"
#include "kernels/all.h"
