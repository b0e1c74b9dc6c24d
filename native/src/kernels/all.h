/* Every op for the vector words that were included before, and the table of them. */
#include "sweep.h"

#include "formats.h"
#include "format_pairs.h"
#include "random.h"
#include "blocks.h"
#include "codecs.h"
#include "tiles.h"

#include "update.h"
#include "companded.h"
#include "pairs.h"

#include "adam.h"
#include "adamax.h"
#include "ema.h"
#include "accumulate.h"
#include "copy.h"
#include "sum_squares.h"
#include "first_nonfinite.h"

#define NA_SWEEPS(name)                                                                                                \
    {                                                                                                                  \
        name, name##_packed                                                                                            \
    }

const struct na_kernels NA_TABLE = {NA_ISA,
                                    NA_SWEEPS(adam),
                                    NA_SWEEPS(adamax),
                                    NA_SWEEPS(adam_replay),
                                    NA_SWEEPS(adamax_replay),
                                    NA_SWEEPS(ema),
                                    NA_SWEEPS(accumulate),
                                    NA_SWEEPS(copy),
                                    unpack,
                                    sum_squares,
                                    first_nonfinite};
