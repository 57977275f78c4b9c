module bhashatts.dev/go

// Nothing here needs a newer Go than Debian 12 has.
go 1.19
