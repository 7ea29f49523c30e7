module consumer {
    requires io.multishot;
}
