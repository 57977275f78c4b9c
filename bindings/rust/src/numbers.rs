//! Enums whose numbers are the C API's, each with a stable lower-case name.

macro_rules! numbered {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($(#[$doc:meta])* $one:ident = $number:literal => $text:literal,)* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum $name { $($(#[$doc])* $one = $number,)* }

        impl $name {
            /// All of them, in ascending order of their numbers.
            pub const ALL: &'static [$name] = &[$($name::$one),*];

            /// Its number in the C API; it is never given to another meaning.
            pub fn number(self) -> i32 {
                self as i32
            }

            /// Its stable lower-case name.
            pub fn name(self) -> &'static str {
                match self { $($name::$one => $text,)* }
            }

            /// Nothing for a number that only a newer library knows.
            #[allow(dead_code)] // of some, only the library is told
            pub(crate) fn of(number: i32) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.number() == number)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use numbered;
