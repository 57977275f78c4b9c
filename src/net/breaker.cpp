#include "net/breaker.h"
