/* The little of <stddef.h> that native_adamax.h needs, so that the bindings do not depend on the machine's headers. */
typedef __SIZE_TYPE__ size_t;
