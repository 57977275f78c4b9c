#include "net/secrets.h"
