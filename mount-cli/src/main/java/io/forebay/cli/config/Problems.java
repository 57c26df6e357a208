package io.forebay.cli.config;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a configuration, one sentence each, collected so that all of it is reported at once. */
public final class Problems {
    private final List<String> sentences = new ArrayList<>();

    /**
     * Adds one.
     *
     * @param where the flag, the variable, or the file and line
     * @param what what is wrong there, and what to do
     */
    public void add(String where, String what) {
        sentences.add(where + ": " + what);
    }

    public List<String> sentences() {
        return List.copyOf(sentences);
    }

    /** @throws ConfigurationException if there is any */
    public void throwIfAny() throws ConfigurationException {
        if (!sentences.isEmpty()) {
            throw new ConfigurationException(sentences);
        }
    }
}
