/* Every op for the vector words that were included before, and the table of them. */
#include "sweep.h"
#include "update.h"

#include "adam.h"
#include "adamax.h"
#include "ema.h"
#include "accumulate.h"
#include "copy.h"
#include "sum_squares.h"
#include "first_nonfinite.h"

#include "formats.h"
#include "random.h"
#include "blocks.h"
#include "codecs.h"

const struct na_kernels NA_TABLE = {NA_ISA,     adam, adamax, adam_replay, adamax_replay, ema,
                                    accumulate, copy, unpack, pack,        sum_squares,   first_nonfinite};
