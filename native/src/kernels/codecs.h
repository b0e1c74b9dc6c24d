/* Packed streams from and to floats, whatever their format. */

static void unpack(const na_packed *p, float *floats, size_t begin, size_t count)
{
    switch (p->format) {
    case NA_BF16:
    case NA_BF16_RANDOM:
        unpack_bf16(p, floats, begin, count);
        break;
    case NA_F16:
        unpack_f16(p, floats, begin, count);
        break;
    case NA_BF16_REST16:
        unpack_rest16(p, floats, begin, count);
        break;
    case NA_BF16_REST8:
        unpack_rest8(p, floats, begin, count);
        break;
    default:
        unpack_blocks(p, floats, begin, count);
    }
}

static void pack(const na_packed *p, const float *floats, size_t begin, size_t count, const na_packing *key, int stream)
{
    switch (p->format) {
    case NA_BF16:
        pack_bf16(p, floats, begin, count);
        break;
    case NA_F16:
        pack_f16(p, floats, begin, count);
        break;
    case NA_BF16_RANDOM:
        pack_bf16_at_random(p, floats, begin, count, key, stream);
        break;
    case NA_BF16_REST16:
        pack_rest16(p, floats, begin, count);
        break;
    case NA_BF16_REST8:
        pack_rest8(p, floats, begin, count);
        break;
    default:
        pack_blocks(p, floats, begin, count);
    }
}
