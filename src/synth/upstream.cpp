#include "synth/upstream.h"
