package io.forebay.nativetests.ground;

/** The way between the kernel and Forebay. */
public enum Door {
    JNR_FUSE("jnr-fuse"),
    KERNEL("kernel");

    private final String flag;

    Door(String flag) {
        this.flag = flag;
    }

    /** What {@code --door=} takes. */
    public String flag() {
        return flag;
    }
}
