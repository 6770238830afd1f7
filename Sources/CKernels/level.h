// Everything for the processor that NAME and the surrounding attribute stand for. Included once for
// each; there is no guard.

#include "pairs.h"
#include "products.h"
#include "loops.h"
