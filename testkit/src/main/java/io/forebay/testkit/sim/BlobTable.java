package io.forebay.testkit.sim;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** The containers of the account. */
final class BlobTable {
    private final ConcurrentSkipListMap<String, Container> containers = new ConcurrentSkipListMap<>();
    private final Stamp.Source stamps = new Stamp.Source();

    Stamp.Source stamps() {
        return stamps;
    }

    void create(String name) throws Refusal {
        if (containers.putIfAbsent(name, new Container(stamps.next())) != null) {
            throw Refusal.containerAlreadyExists();
        }
    }

    /** The container of that name, made if there is none. */
    Container made(String name) {
        return containers.computeIfAbsent(name, _ -> new Container(stamps.next()));
    }

    void delete(String name) throws Refusal {
        if (containers.remove(name) == null) {
            throw Refusal.containerNotFound();
        }
    }

    Container require(String name) throws Refusal {
        Container found = containers.get(name);
        if (found == null) {
            throw Refusal.containerNotFound();
        }
        return found;
    }

    List<String> names() {
        return List.copyOf(containers.keySet());
    }
}
