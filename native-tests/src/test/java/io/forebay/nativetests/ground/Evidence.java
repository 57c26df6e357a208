package io.forebay.nativetests.ground;

/** What a daemon said after something failed; travels with the failure as a suppressed exception. */
public final class Evidence extends Exception {
    private static final long serialVersionUID = 1L;

    public Evidence(String text) {
        super(text, null, false, false);
    }
}
