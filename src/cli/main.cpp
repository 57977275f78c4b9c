#include "cli/command.h"

int main(int argc, char** argv) { return bhashatts::cli::run(argc, argv, BHASHATTS_VERSION); }
