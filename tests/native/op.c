#include "op.h"
#include "reference.h"

#include <string.h>

const op na_ops[] = {
#define NA_OP(name, needs, takes, writes, scalars, flags, most_steps)                                                  \
    {#name, na_##name##_f32, na_reference_##name, needs, takes, writes, scalars, flags, most_steps},
#include "ops.def"
#undef NA_OP
};

const unsigned na_op_count = sizeof na_ops / sizeof na_ops[0];

static const size_t stream_offsets[STREAM_COUNT] = {
    offsetof(na_tensor, w), offsetof(na_tensor, g), offsetof(na_tensor, m), offsetof(na_tensor, v),
    offsetof(na_tensor, x), offsetof(na_tensor, a), offsetof(na_tensor, s), offsetof(na_tensor, d),
};

const op *na_find_op(const char *name)
{
    for (unsigned i = 0; i < na_op_count; ++i)
        if (strcmp(na_ops[i].name, name) == 0)
            return &na_ops[i];
    return NULL;
}

unsigned na_written(const op *o, uint32_t flags, unsigned streams)
{
    const unsigned written = o->writes & streams & D ? o->writes & ~(unsigned)(W | A) : o->writes;
    return streams & (written | (flags & o->flags & NA_ZERO_GRAD ? (unsigned)G : 0u));
}

float *na_stream(const na_tensor *t, int stream)
{
    return *(float *const *)((const char *)t + stream_offsets[stream]);
}

void na_set_stream(na_tensor *t, int stream, float *p)
{
    *(float **)((char *)t + stream_offsets[stream]) = p;
}

char na_stream_name(int stream)
{
    return "wgmvxasd"[stream];
}
