/* Sizes and offsets of the ABI's structs, as this compiler laid them out. */
#include "internal.h"

#define SIZE(type)                                                                                                     \
    {                                                                                                                  \
#type, 0, sizeof(type)                                                                                         \
    }
#define FIELD(type, field)                                                                                             \
    {                                                                                                                  \
#type, #field, offsetof(type, field)                                                                           \
    }

static const na_layout_entry layout[] = {
    SIZE(na_scalars),
    FIELD(na_scalars, grad_scale),
    FIELD(na_scalars, clip),
    FIELD(na_scalars, l2),
    FIELD(na_scalars, c1),
    FIELD(na_scalars, c2),
    FIELD(na_scalars, v_cap),
    FIELD(na_scalars, nu_scale),
    FIELD(na_scalars, root),
    FIELD(na_scalars, eps),
    FIELD(na_scalars, eps_in),
    FIELD(na_scalars, num_m),
    FIELD(na_scalars, num_g),
    FIELD(na_scalars, lambda),
    FIELD(na_scalars, step),
    FIELD(na_scalars, ema),
    FIELD(na_scalars, flags),
    SIZE(na_packed),
    FIELD(na_packed, data),
    FIELD(na_packed, beside),
    FIELD(na_packed, book),
    FIELD(na_packed, format),
    FIELD(na_packed, reserved),
    SIZE(na_packing),
    FIELD(na_packing, w),
    FIELD(na_packing, g),
    FIELD(na_packing, m),
    FIELD(na_packing, v),
    FIELD(na_packing, x),
    FIELD(na_packing, a),
    FIELD(na_packing, s),
    FIELD(na_packing, d),
    FIELD(na_packing, copy),
    FIELD(na_packing, seed),
    FIELD(na_packing, step),
    FIELD(na_packing, tensor),
    SIZE(na_tensor),
    FIELD(na_tensor, w),
    FIELD(na_tensor, g),
    FIELD(na_tensor, m),
    FIELD(na_tensor, v),
    FIELD(na_tensor, x),
    FIELD(na_tensor, a),
    FIELD(na_tensor, s),
    FIELD(na_tensor, d),
    FIELD(na_tensor, packing),
    FIELD(na_tensor, count),
    FIELD(na_tensor, row),
    FIELD(na_tensor, steps),
    SIZE(na_job),
    FIELD(na_job, kernels),
    FIELD(na_job, rows),
    FIELD(na_job, tensors),
    FIELD(na_job, row_count),
    FIELD(na_job, tensor_count),
    FIELD(na_job, begin),
    FIELD(na_job, end),
    FIELD(na_job, scratch),
    SIZE(na_layout_entry),
    FIELD(na_layout_entry, type),
    FIELD(na_layout_entry, field),
    FIELD(na_layout_entry, value),
};

int32_t na_layout(const na_layout_entry **entries, uint64_t *count)
{
    if (entries == 0 || count == 0)
        return NA_ERROR_NULL;
    *entries = layout;
    *count = sizeof layout / sizeof layout[0];
    return NA_OK;
}
