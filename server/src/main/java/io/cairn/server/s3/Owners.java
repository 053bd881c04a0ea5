package io.cairn.server.s3;

import io.cairn.server.iam.Principal;
import io.cairn.server.xml.XmlWriter;

/// Who owns something, as answers tell it. Only the caller's own display name is known; others go by their id.
final class Owners {
    static void write(XmlWriter xml, String element, String id, Principal caller) {
        xml.open(element);
        fields(xml, id, caller);
        xml.close(element);
    }

    static void fields(XmlWriter xml, String id, Principal caller) {
        xml.element("ID", id).element("DisplayName", id.equals(caller.canonicalId()) ? caller.displayName() : id);
    }

    private Owners() {}
}
