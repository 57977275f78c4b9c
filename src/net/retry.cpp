#include "net/retry.h"
