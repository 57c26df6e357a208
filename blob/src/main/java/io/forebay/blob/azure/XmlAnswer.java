package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.ByteSink;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes the body of an answer that is XML; what is taken from it is for a subclass to say, element by element. */
abstract class XmlAnswer implements ByteSink, XmlScanner.Handler {
    private final AzureCall call;
    private final String root;
    private final XmlScanner xml = new XmlScanner(this);
    /** The names of the elements that are open, from the root on. */
    private final List<String> path = new ArrayList<>();

    private boolean isOurs;

    /** @param root the name of the outermost element */
    XmlAnswer(AzureCall call, String root) {
        this.call = call;
        this.root = root;
    }

    /** An element begins; {@link #depth} and {@link #at} include it. */
    abstract void begun(String element, String attributes) throws ProtocolException;

    /** An element ends; {@link #depth} and {@link #at} still include it, and {@link #text} is what it held. */
    abstract void ended(String element) throws ProtocolException, ForebayException;

    /** How many elements are open. */
    final int depth() {
        return path.size();
    }

    /** Whether the element at {@code depth}, 1 for the root, has that name. */
    final boolean at(int depth, String element) {
        return path.size() >= depth && path.get(depth - 1).equals(element);
    }

    final String text() throws ProtocolException {
        return xml.text();
    }

    final AzureCall call() {
        return call;
    }

    @Override
    public final void accept(ByteBuffer bytes) throws ForebayException {
        try {
            xml.accept(bytes);
        } catch (ProtocolException malformed) {
            throw unfit(malformed);
        }
    }

    /** Makes sure that all of it has come. */
    final void finish() throws ForebayException {
        try {
            xml.finish();
        } catch (ProtocolException tooShort) {
            throw unfit(tooShort);
        }
    }

    /** Damaged, if it began as it should; otherwise nobody who answers like that is a Blob service. */
    private ForebayException unfit(ProtocolException reason) {
        return isOurs
                ? new ForebayException.Corrupt(
                        call.failedBecause("the answer is damaged: " + reason.getMessage()), reason)
                : AzureShapes.notAStore(call);
    }

    @Override
    public final void begin(String element, String attributes) throws ProtocolException {
        if (path.isEmpty() && !element.equals(root)) {
            throw new ProtocolException("it is no " + root);
        }
        isOurs = true;
        path.add(element);
        begun(element, attributes);
    }

    @Override
    public final void end(String element) throws ProtocolException, ForebayException {
        ended(element);
        path.removeLast();
    }
}
