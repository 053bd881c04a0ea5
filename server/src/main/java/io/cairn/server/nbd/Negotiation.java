package io.cairn.server.nbd;

import io.cairn.server.FaceFactory.Security;
import io.cairn.server.nbd.Exports.Siblings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The fixed newstyle handshake: what client and server agree on before the first request. An option that is unknown, malformed or too long is
/// refused and the next one is heard; what cannot be refused in the protocol's words ends the connection.
final class Negotiation {
    /// An option's data. The longest that makes sense is a name of 4096 bytes with a few queries.
    static final int MAX_OPTION_BYTES = 64 << 10;
    static final int MAX_NAME_BYTES = 4096;
    /// Contexts of one connection, and those that one list may show.
    static final int MAX_CONTEXTS = 16;
    private static final int MAX_LISTED = 1024;
    static final int MAX_QUERIES = 256;

    /// @param contexts what the client may ask of ranges, in the order in which answers speak of them
    record Agreed(Export export, Attachments.Attachment attachment, boolean structured, boolean extended,
            List<MetaContext> contexts) {}

    private final ChannelHandlerContext context;
    private final Exports exports;
    private final Security security;
    private final Attachments attachments;
    private final BiConsumer<Agreed, ChannelHandlerContext> done;
    /// What is to be agreed on when the loops of others have read; null before.
    private @Nullable Agreed waiting;
    private boolean greeted;
    private boolean noZeroes;
    private boolean secure;
    private boolean structured;
    private boolean extended;
    /// What the last OPT_SET_META_CONTEXT chose, of which export.
    private List<MetaContext> contexts = List.of();
    private @Nullable String contextsOf;
    /// Bytes of an option that was refused unread.
    private long skipping;

    Negotiation(ChannelHandlerContext context, Exports exports, Security security, Attachments attachments,
            BiConsumer<Agreed, ChannelHandlerContext> done) {
        this.context = context;
        this.exports = exports;
        this.security = security;
        this.attachments = attachments;
        this.done = done;
    }

    void greet() {
        var out = context.alloc().buffer(18).writeLong(Nbd.INIT_MAGIC).writeLong(Nbd.OPTION_MAGIC)
                .writeShort(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES);
        var _ = context.writeAndFlush(out, context.voidPromise());
    }

    /// Takes the next thing, if all of it is there.
    void take(ByteBuf in) {
        if (waiting != null)
            return;
        if (skipping > 0) {
            int count = (int) Math.min(skipping, in.readableBytes());
            in.skipBytes(count);
            skipping -= count;
        } else if (!greeted)
            takeFlags(in);
        else
            takeOption(in);
    }

    private void takeFlags(ByteBuf in) {
        if (in.readableBytes() < 4)
            return;
        int flags = in.readInt();
        if ((flags & ~(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES)) != 0) {
            end();
            return;
        }
        noZeroes = (flags & Nbd.FLAG_NO_ZEROES) != 0;
        greeted = true;
    }

    private void takeOption(ByteBuf in) {
        if (in.readableBytes() < 16)
            return;
        int at = in.readerIndex();
        if (in.getLong(at) != Nbd.OPTION_MAGIC) {
            end();
            return;
        }
        int option = in.getInt(at + 8);
        long length = in.getUnsignedInt(at + 12);
        if (length > MAX_OPTION_BYTES) {
            in.skipBytes(16);
            skipping = length;
            if (option == Nbd.OPT_SET_META_CONTEXT)
                forgetContexts();
            if (option == Nbd.OPT_EXPORT_NAME)
                end();
            else
                refuse(option, Nbd.REP_ERR_TOO_BIG, "an option has up to " + MAX_OPTION_BYTES + " bytes, not " + length);
            return;
        }
        if (in.readableBytes() < 16 + length)
            return;
        in.skipBytes(16);
        var data = in.readSlice((int) length);
        try {
            if (option == Nbd.OPT_STARTTLS)
                startTls(data, in);
            else if (!secure && security.required() && option != Nbd.OPT_ABORT)
                refuseInTheClear(option);
            else
                carryOut(option, data);
        } catch (IndexOutOfBoundsException | CharacterCodingException e) {
            if (option == Nbd.OPT_EXPORT_NAME) // this option has no answer for that
                end();
            else
                refuse(option, Nbd.REP_ERR_INVALID, "the option's data are malformed");
        }
    }

    private void carryOut(int option, ByteBuf data) throws CharacterCodingException {
        switch (option) {
            case Nbd.OPT_EXPORT_NAME -> exportName(data);
            case Nbd.OPT_ABORT -> {
                reply(option, Nbd.REP_ACK, null);
                var _ = context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
            }
            case Nbd.OPT_LIST -> list(data);
            case Nbd.OPT_INFO, Nbd.OPT_GO -> info(option, data);
            case Nbd.OPT_STRUCTURED_REPLY -> {
                if (isEmpty(option, data)) {
                    structured = true;
                    reply(option, Nbd.REP_ACK, null);
                }
            }
            case Nbd.OPT_EXTENDED_HEADERS -> {
                if (isEmpty(option, data)) {
                    structured = true;
                    extended = true;
                    reply(option, Nbd.REP_ACK, null);
                }
            }
            case Nbd.OPT_LIST_META_CONTEXT, Nbd.OPT_SET_META_CONTEXT -> metaContext(option, data);
            default -> refuse(option, Nbd.REP_ERR_UNSUP, "unknown option " + Integer.toUnsignedString(option));
        }
    }

    /// What was agreed on before counts no more, and what was sent behind the option before the answer came is not listened to: who is in between could have
    /// put it there.
    private void startTls(ByteBuf data, ByteBuf in) {
        if (!isEmpty(Nbd.OPT_STARTTLS, data))
            return;
        if (secure) {
            refuse(Nbd.OPT_STARTTLS, Nbd.REP_ERR_INVALID, "this connection has TLS already");
            return;
        }
        if (in.isReadable()) {
            end();
            return;
        }
        reply(Nbd.OPT_STARTTLS, Nbd.REP_ACK, null);
        context.flush(); // the last that goes in the clear
        secure = true;
        structured = false;
        extended = false;
        forgetContexts();
        var _ = context.pipeline().addFirst("tls", security.tls().newHandler(context.alloc()));
    }

    private void refuseInTheClear(int option) {
        if (option == Nbd.OPT_EXPORT_NAME) // this option has no answer for that
            end();
        else
            refuse(option, Nbd.REP_ERR_TLS_REQD, "this server speaks TLS only, and asks for a certificate of its own authority");
    }

    private boolean isEmpty(int option, ByteBuf data) {
        if (!data.isReadable())
            return true;
        refuse(option, Nbd.REP_ERR_INVALID, "this option has no data");
        return false;
    }

    private void exportName(ByteBuf data) throws CharacterCodingException {
        var name = text(data, data.readableBytes());
        var export = exports.find(name);
        if (export == null) { // this option has no answer for that
            end();
            return;
        }
        var out = context.alloc().buffer(134).writeLong(export.device().sizeBytes()).writeShort(flags(export));
        if (!noZeroes)
            out.writeZero(124);
        var _ = context.writeAndFlush(out, context.voidPromise());
        finish(export.called(name));
    }

    private int flags(Export export) {
        return export.flags() | (structured ? Nbd.TRANSMIT_SEND_DF : 0);
    }

    private void finish(Export export) {
        var attachment = attachments.attach(export.device().id(), context.executor());
        var agreed = new Agreed(export, attachment, structured, extended,
                structured && export.name().equals(contextsOf) ? contexts : List.of());
        var othersRead = attachment.othersRead();
        if (othersRead.isDone()) {
            done.accept(agreed, context);
            return;
        }
        waiting = agreed;
        context.channel().config().setAutoRead(false);
        var _ = othersRead.whenComplete((_, _) -> context.executor().execute(() -> {
            if (!context.isRemoved())
                done.accept(agreed, context);
        }));
    }

    /// Whether the client is attached as soon as the loops of others have read what they have to; nothing more is taken until then.
    boolean isWaiting() { return waiting != null; }

    /// The connection is gone.
    void closed() {
        if (waiting != null)
            waiting.attachment().end(null);
        waiting = null;
    }

    private void forgetContexts() {
        contexts = List.of();
        contextsOf = null;
    }

    private void list(ByteBuf data) {
        if (!isEmpty(Nbd.OPT_LIST, data))
            return;
        for (var name : exports.names()) {
            var bytes = name.getBytes(StandardCharsets.UTF_8);
            reply(Nbd.OPT_LIST, Nbd.REP_SERVER,
                    context.alloc().buffer(4 + bytes.length).writeInt(bytes.length).writeBytes(bytes));
        }
        reply(Nbd.OPT_LIST, Nbd.REP_ACK, null);
    }

    private void info(int option, ByteBuf data) throws CharacterCodingException {
        var name = text(data, name(data));
        int count = data.readUnsignedShort();
        boolean named = false;
        boolean described = false;
        for (int i = 0; i < count; i++) {
            int asked = data.readUnsignedShort();
            named |= asked == Nbd.INFO_NAME;
            described |= asked == Nbd.INFO_DESCRIPTION;
        }
        if (data.isReadable())
            throw new IndexOutOfBoundsException("more than was announced");
        var export = exports.find(name);
        if (export == null) {
            refuse(option, Nbd.REP_ERR_UNKNOWN, "there is no export '" + name + "'");
            return;
        }
        reply(option, Nbd.REP_INFO, context.alloc().buffer(12).writeShort(Nbd.INFO_EXPORT).writeLong(export.device().sizeBytes())
                .writeShort(flags(export)));
        if (named)
            reply(option, Nbd.REP_INFO, infoText(Nbd.INFO_NAME, export.name()));
        if (described)
            reply(option, Nbd.REP_INFO, infoText(Nbd.INFO_DESCRIPTION, export.device().id()));
        reply(option, Nbd.REP_INFO, context.alloc().buffer(14).writeShort(Nbd.INFO_BLOCK_SIZE).writeInt(Nbd.MIN_BLOCK)
                .writeInt(Nbd.PREFERRED_BLOCK).writeInt(Nbd.MAX_PAYLOAD));
        reply(option, Nbd.REP_ACK, null);
        if (option == Nbd.OPT_GO)
            finish(export.called(name));
    }

    private ByteBuf infoText(int info, String text) {
        return context.alloc().buffer().writeShort(info).writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Setting contexts forgets those that were set before, also when it fails.
    private void metaContext(int option, ByteBuf data) throws CharacterCodingException {
        boolean set = option == Nbd.OPT_SET_META_CONTEXT;
        if (set)
            forgetContexts();
        if (!structured) {
            refuse(option, Nbd.REP_ERR_INVALID, "negotiate structured replies first");
            return;
        }
        var name = text(data, name(data));
        long count = data.readUnsignedInt();
        if (count > MAX_QUERIES) {
            refuse(option, Nbd.REP_ERR_TOO_BIG, "up to " + MAX_QUERIES + " queries at once, not " + count);
            return;
        }
        var queries = new ArrayList<String>();
        for (long i = 0; i < count; i++)
            queries.add(text(data, name(data)));
        if (data.isReadable())
            throw new IndexOutOfBoundsException("more than was announced");
        var export = exports.find(name);
        if (export == null) {
            refuse(option, Nbd.REP_ERR_UNKNOWN, "there is no export '" + name + "'");
            return;
        }
        if (set)
            set(name, export, queries);
        else
            for (var listed : listed(export, queries))
                metaContext(option, 0, listed);
        reply(option, Nbd.REP_ACK, null);
    }

    /// Queries for what there is not are passed over, as the document wants it; so are those behind [#MAX_CONTEXTS].
    private void set(String name, Export export, List<String> queries) {
        var chosen = new ArrayList<MetaContext>();
        Siblings siblings = null;
        for (var query : new LinkedHashSet<>(queries)) {
            if (chosen.size() == MAX_CONTEXTS)
                break;
            if (query.equals(MetaContext.ALLOCATION))
                chosen.add(MetaContext.allocation(export.device()));
            else if (query.startsWith(MetaContext.DIRTY_SINCE)) {
                var snapshot = query.substring(MetaContext.DIRTY_SINCE.length());
                siblings = siblings == null ? exports.siblings(export) : siblings;
                var changes = siblings.changesSince(snapshot);
                if (changes != null)
                    chosen.add(MetaContext.dirtySince(MetaContext.ALLOCATION_ID + 1 + chosen.size(), snapshot, changes));
            }
        }
        for (var each : chosen)
            metaContext(Nbd.OPT_SET_META_CONTEXT, each.id(), each.name());
        contexts = chosen;
        contextsOf = name;
    }

    private void metaContext(int option, int id, String name) {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        reply(option, Nbd.REP_META_CONTEXT, context.alloc().buffer(4 + bytes.length).writeInt(id).writeBytes(bytes));
    }

    /// All for no query at all; those of a namespace, or that begin so, for its name; those that are asked for.
    private List<String> listed(Export export, List<String> queries) {
        var all = new ArrayList<>(List.of(MetaContext.ALLOCATION));
        for (var snapshot : exports.siblings(export).names())
            if (all.size() < MAX_LISTED)
                all.add(MetaContext.DIRTY_SINCE + snapshot);
        if (queries.isEmpty())
            return all;
        var asked = new HashSet<>(queries);
        boolean base = asked.contains("base:");
        boolean since = asked.contains(MetaContext.NAMESPACE) || asked.contains(MetaContext.DIRTY_SINCE);
        return all.stream()
                .filter(each -> asked.contains(each) || (each.equals(MetaContext.ALLOCATION) ? base : since)).toList();
    }

    /// Length of the text that follows.
    private static int name(ByteBuf data) {
        long length = data.readUnsignedInt();
        if (length > MAX_NAME_BYTES)
            throw new IndexOutOfBoundsException("a name of " + length + " bytes");
        return (int) length;
    }

    private static String text(ByteBuf data, int length) throws CharacterCodingException {
        var bytes = new byte[length];
        data.readBytes(bytes);
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private void refuse(int option, int error, String message) {
        reply(option, error, context.alloc().buffer().writeBytes(message.getBytes(StandardCharsets.UTF_8)));
    }

    /// Goes out with all others, when nothing more of what has come can be taken.
    private void reply(int option, int type, @Nullable ByteBuf data) {
        var out = context.alloc().buffer(20).writeLong(Nbd.OPTION_REPLY_MAGIC).writeInt(option).writeInt(type)
                .writeInt(data == null ? 0 : data.readableBytes());
        var _ = context.write(out, context.voidPromise());
        if (data != null) {
            var _ = context.write(data, context.voidPromise());
        }
    }

    private void end() {
        var _ = context.close();
    }
}
