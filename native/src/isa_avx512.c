#include "vec/avx512.h"
#include "kernels/all.h"
