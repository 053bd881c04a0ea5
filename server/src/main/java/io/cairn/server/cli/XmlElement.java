package io.cairn.server.cli;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/// An answer in XML with lists in lists. Namespaces are not looked at; DTDs and entities of one's own are off.
///
/// @param text directly in it
record XmlElement(String name, String text, List<XmlElement> children) {
    private static final XMLInputFactory FACTORY = factory();

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /// An element that has not ended yet.
    private record Open(String name, StringBuilder text, List<XmlElement> children) {
        static Open of(String name) {
            return new Open(name, new StringBuilder(), new ArrayList<>());
        }

        XmlElement close() {
            return new XmlElement(name, text.toString(), List.copyOf(children));
        }
    }

    static XmlElement parse(byte[] xml) throws XMLStreamException {
        var open = new ArrayDeque<Open>();
        open.push(Open.of(""));
        var reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(xml));
        while (reader.hasNext())
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> open.push(Open.of(reader.getLocalName()));
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> open.element().text.append(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    var ended = open.pop().close();
                    open.element().children.add(ended);
                }
                default -> {
                }
            }
        return open.element().children.getFirst();
    }

    Stream<XmlElement> children(String childName) {
        return children.stream().filter(child -> child.name.equals(childName));
    }

    /// The text of the first child of this name, or an empty one.
    String text(String childName) {
        return children(childName).findFirst().map(XmlElement::text).orElse("");
    }

    /// The items of a list under this one.
    List<XmlElement> items(String listName) {
        return children(listName).flatMap(list -> list.children("item")).toList();
    }
}
