package io.forebay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A key for 127.0.0.1, good for a day, made by the JDK's own keytool.
 *
 * @param keyStore key and certificate, PKCS#12
 * @param pem the certificate alone
 */
record Certificate(Path keyStore, Path pem) {
    static final String PASSWORD = "only-for-measurements";

    private static final String ALIAS = "simulator";

    /** Makes one, in files of that folder. */
    static Certificate create(Path folder) throws IOException {
        Certificate made = new Certificate(folder.resolve("key.p12"), folder.resolve("cert.pem"));
        made.keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-validity",
                "1",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12");
        made.keytool("-exportcert", "-rfc", "-file", made.pem().toString());
        return made;
    }

    private void keytool(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(Command.ofJdk("keytool")));
        words.addAll(List.of(arguments));
        words.addAll(List.of("-alias", ALIAS, "-keystore", keyStore.toString(), "-storepass", PASSWORD));
        Command.run(words.toArray(String[]::new));
    }
}
