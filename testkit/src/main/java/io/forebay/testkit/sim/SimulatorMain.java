package io.forebay.testkit.sim;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** The simulator as a process: one account on a port of the loopback interface, until it is killed. */
public final class SimulatorMain {
    static final String LISTENING = "listening on ";

    private static final String HELP = """
            Azure Blob REST on loopback, for tests and measurements. Any account and key will do: nothing is checked.

            --port N                  listen there; any free port if not said
            --container NAME          one that exists from the beginning (may be repeated)
            --blobs CONTAINER:NAMES:COUNT:SIZE
                                      synthetic blobs, in no memory: train:data/%06d.bin:100000:102400 (may be repeated)
            --discard                 keep of what is written only the length; it reads as a synthetic blob of its name
            --key-store FILE --key-store-password WORD
                                      speak https with the key and certificate in that PKCS#12 file
            --seed N                  of everything that is random, 1 if not said
            --fault RULE              as for /$sim/faults (may be repeated)
            --latency-ms N, --jitter-ms N, --connection-bytes-per-second N, --total-bytes-per-second N,
            --requests-per-second N, --busy-status 503|429, --retry-after-seconds N
                                      limits; none if not said
            --until-stdin-ends        end when standard input does, that is, with whoever started it

            GET /$sim/help tells what can be asked and changed while it runs.
            """;

    private int port;
    private boolean keeps = true;
    private boolean endsWithInput;
    private long seed = 1;
    private @Nullable String keyStore;
    private String keyStorePassword = "";
    private final Map<String, String> limits = new LinkedHashMap<>();
    private final List<String> containers = new ArrayList<>();
    private final List<String> blobs = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private SimulatorMain() {}

    /** Runs one; ends with status 2 and a sentence if the arguments are wrong. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        SimulatorMain simulator = new SimulatorMain();
        Store store;
        try {
            simulator.parse(List.of(arguments));
            store = simulator.store();
        } catch (IllegalArgumentException | Refusal wrong) {
            System.err.println(wrong.getMessage() + "; --help tells more");
            System.exit(2);
            return;
        }
        simulator.serve(store);
    }

    private void parse(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            switch (name) {
                case "--discard" -> keeps = false;
                case "--until-stdin-ends" -> endsWithInput = true;
                default -> {
                    i++;
                    if (i == arguments.size()) {
                        throw new IllegalArgumentException(name + " needs a value, or is unknown");
                    }
                    set(name, arguments.get(i));
                }
            }
        }
    }

    private void set(String name, String value) {
        switch (name) {
            case "--port" -> port = Integer.parseInt(value);
            case "--seed" -> seed = Long.parseLong(value);
            case "--container" -> containers.add(value);
            case "--blobs" -> blobs.add(value);
            case "--fault" -> faults.add(value);
            case "--key-store" -> keyStore = value;
            case "--key-store-password" -> keyStorePassword = value;
            default -> {
                if (!name.startsWith("--")) {
                    throw new IllegalArgumentException("'" + name + "' is no option");
                }
                limits.put(name.substring(2), value);
            }
        }
    }

    private Store store() throws Refusal {
        Store store = Store.of(keeps, Limits.NONE.changed(limits), seed);
        for (String container : containers) {
            store.table().create(container);
        }
        for (String family : blobs) {
            declare(store, family);
        }
        for (String fault : faults) {
            store.faults().add(FaultRule.of(RequestHead.form(fault)));
        }
        return store;
    }

    private static void declare(Store store, String text) {
        String[] parts = text.split(":");
        if (parts.length != 4) {
            throw new IllegalArgumentException("'" + text + "' is not CONTAINER:NAMES:COUNT:SIZE");
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        store.table()
                .made(parts[0])
                .declare(SyntheticFamily.of(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), now));
    }

    private void serve(Store store) throws IOException, GeneralSecurityException {
        try (SimulatorServer server = SimulatorServer.listen(port, store, encryption())) {
            System.out.println(LISTENING + (keyStore == null ? "http" : "https") + "://127.0.0.1:" + server.port());
            if (endsWithInput) {
                Thread.ofPlatform().daemon().name("standard-input").start(SimulatorMain::endWithInput);
            }
            server.run();
        }
    }

    private @Nullable SSLSocketFactory encryption() throws IOException, GeneralSecurityException {
        if (keyStore == null) {
            return null;
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(Path.of(keyStore).toFile())) {
            keys.load(in, keyStorePassword.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, keyStorePassword.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getSocketFactory();
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // Whatever is said is of no interest; that nobody is there any more is.
            }
        } catch (IOException gone) {
            // So is whoever wrote.
        }
        System.exit(0);
    }
}
