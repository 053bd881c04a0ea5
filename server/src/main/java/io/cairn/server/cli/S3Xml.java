package io.cairn.server.cli;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/// Takes S3's answers apart. They are flat: what matters are the texts directly under the root, and groups of texts under a
/// repeated element such as `Contents`. Namespaces are not looked at; DTDs and entities of one's own are off.
///
/// @param fields texts directly under the root
/// @param groups texts under the elements directly under the root, by the element's name, in order
record S3Xml(Map<String, String> fields, Map<String, List<Map<String, String>>> groups) {
    private static final XMLInputFactory FACTORY = factory();

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /// The text of a field, or an empty one.
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    List<Map<String, String>> group(String name) {
        return groups.getOrDefault(name, List.of());
    }

    /// @param container an element whose children are the groups, where they stand one level deeper (`Buckets` in ListBuckets); else
    ///     empty
    static S3Xml parse(byte[] xml, String container) throws XMLStreamException {
        var fields = new HashMap<String, String>();
        var groups = new HashMap<String, List<Map<String, String>>>();
        var path = new ArrayList<String>();
        var group = new HashMap<String, String>();
        var text = new StringBuilder();
        var reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(xml));
        while (reader.hasNext())
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    text.setLength(0);
                    if (!reader.getLocalName().equals(container))
                        path.add(reader.getLocalName());
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    if (reader.getLocalName().equals(container))
                        continue;
                    var name = path.removeLast();
                    if (path.size() == 2) {
                        group.put(name, text.toString());
                    } else if (path.size() == 1) {
                        if (group.isEmpty())
                            fields.put(name, text.toString());
                        else
                            groups.computeIfAbsent(name, n -> new ArrayList<>()).add(Map.copyOf(group));
                        group.clear();
                    }
                    text.setLength(0);
                }
                default -> {
                }
            }
        return new S3Xml(fields, groups);
    }
}
