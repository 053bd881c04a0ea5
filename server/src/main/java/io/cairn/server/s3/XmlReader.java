package io.cairn.server.s3;

import java.io.ByteArrayInputStream;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Walks over a small document that a client sent. Namespaces are not looked at, as S3 does not; a document type declaration is
/// refused before anything in it is read, and so is whatever else is not well-formed: 400 `MalformedXML`.
final class XmlReader {
    /// Enough for 10,000 parts with their checksums, indented as some clients do, and for 1000 keys of 1024 bytes, escaped.
    static final int MAX_BYTES = 4 << 20;
    private static final int MAX_DEPTH = 16;
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader in;
    private int depth;

    /// What is done at each child of an element. It reads the child to its end, by [#text], [#children] or [#skip].
    interface Child { void read(String name); }

    private XmlReader(byte[] document) throws XMLStreamException {
        in = FACTORY.createXMLStreamReader(new ByteArrayInputStream(document));
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        // The JDK counts &lt; and the like as entities and gives up at 100,000; the document's own bound is enough, as none can be declared.
        factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", MAX_BYTES);
        factory.setProperty("jdk.xml.totalEntitySizeLimit", MAX_BYTES);
        return factory;
    }

    /// Reads a document whose outermost element is `root`.
    static void read(byte[] document, String root, Consumer<XmlReader> content) {
        try {
            var reader = new XmlReader(document);
            reader.toRoot(root);
            content.accept(reader);
            reader.toEnd();
            reader.in.close();
        } catch (XMLStreamException e) {
            throw Refusals.malformedXml("line " + e.getLocation().getLineNumber());
        }
    }

    private int next() {
        try {
            int event = in.next();
            if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE)
                throw Refusals.malformedXml("no document type and no entity may be declared");
            return event;
        } catch (XMLStreamException e) {
            throw Refusals.malformedXml("line " + e.getLocation().getLineNumber());
        }
    }

    private void toRoot(String root) {
        int event = next();
        while (event != XMLStreamConstants.START_ELEMENT)
            event = next();
        if (!in.getLocalName().equals(root))
            throw Refusals.malformedXml("the document is a " + in.getLocalName() + ", not a " + root);
    }

    private void toEnd() throws XMLStreamException {
        while (in.hasNext())
            next();
    }

    /// The children of the element that begins here, each given to `child`; ends behind that element.
    void children(Child child) {
        if (++depth > MAX_DEPTH)
            throw Refusals.malformedXml("nested too deep");
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event == XMLStreamConstants.START_ELEMENT)
                child.read(in.getLocalName());
            else if (event == XMLStreamConstants.CHARACTERS && !in.isWhiteSpace())
                throw Refusals.malformedXml("text between elements");
        }
        depth--;
    }

    /// The text of the element that begins here; ends behind that element.
    String text() {
        var text = new StringBuilder();
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event == XMLStreamConstants.START_ELEMENT)
                throw Refusals.malformedXml(in.getLocalName() + " where only text may stand");
            if (in.hasText() && event != XMLStreamConstants.COMMENT)
                text.append(in.getText());
        }
        return text.toString();
    }

    void skip() {
        if (++depth > MAX_DEPTH)
            throw Refusals.malformedXml("nested too deep");
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next())
            if (event == XMLStreamConstants.START_ELEMENT)
                skip();
        depth--;
    }
}
