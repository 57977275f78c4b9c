#include "net/header_values.h"
