package io.multishot;

/**
 * What a slot can hold besides {@code null} (<em>open</em>) and a user's value. The class is private to the package, so no
 * user value can be mistaken for a state, and one type test tells the two apart.
 */
abstract sealed class State permits Waiter, Failure, Mark {}
