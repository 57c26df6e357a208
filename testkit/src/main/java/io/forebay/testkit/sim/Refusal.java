package io.forebay.testkit.sim;

/** An answer that says no, with Azure's code for it. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
        // Refusals are ordinary answers; a stack would cost more than the rest of the request.
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    static Refusal containerNotFound() {
        return new Refusal(404, "ContainerNotFound", "The specified container does not exist.");
    }

    static Refusal containerAlreadyExists() {
        return new Refusal(409, "ContainerAlreadyExists", "The specified container already exists.");
    }

    static Refusal blobNotFound() {
        return new Refusal(404, "BlobNotFound", "The specified blob does not exist.");
    }

    static Refusal blobAlreadyExists() {
        return new Refusal(409, "BlobAlreadyExists", "The specified blob already exists.");
    }

    static Refusal conditionNotMet() {
        return new Refusal(
                412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
    }

    static Refusal notModified() {
        return new Refusal(
                304, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
    }

    static Refusal sourceConditionNotMet() {
        return new Refusal(
                412,
                "SourceConditionNotMet",
                "The source condition specified using HTTP conditional header(s) is not met.");
    }

    static Refusal badRequest(String code, String message) {
        return new Refusal(400, code, message);
    }

    static Refusal unsupported(String what) {
        return new Refusal(501, "NotImplemented", "The simulator does not know how to " + what + ".");
    }
}
