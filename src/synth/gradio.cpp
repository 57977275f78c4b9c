#include "synth/gradio.h"
