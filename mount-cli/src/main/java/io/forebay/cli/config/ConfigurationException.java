package io.forebay.cli.config;

import java.util.List;

/** The configuration cannot be used. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Its message has one problem a line. */
    ConfigurationException(List<String> sentences) {
        super(String.join("\n", sentences));
    }

    /** One problem a line; unlike other throwables, this one always has a message. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
