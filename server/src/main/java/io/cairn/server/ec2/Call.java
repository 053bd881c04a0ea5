package io.cairn.server.ec2;

import io.cairn.block.BlockStore;
import io.cairn.server.xml.XmlWriter;

/// One request as a handler sees it.
///
/// @param xml the answer, inside its root
record Call(String action, Form form, BlockStore store, Ec2Settings settings, XmlWriter xml) {
    /// After all parameters were read and checked: refuses what is unknown, and, of a rehearsal, all that would have been done.
    void begin() {
        boolean rehearsal = form.flag("DryRun");
        form.requireAllRead();
        if (rehearsal)
            throw Ec2RefusedException.of(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
}
