package io.cairn.server.s3;

import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.LinkedHashMap;

/// An exchange whose answer, a refusal too, says that pages of its request's origin may read it.
final class CorsExchange extends ForwardingExchange {
    private final CorsRules.Rule rule;
    private final String origin;

    CorsExchange(Exchange exchange, CorsRules.Rule rule, String origin) {
        super(exchange);
        this.rule = rule;
        this.origin = origin;
    }

    @Override
    public void answer(Answer answer) {
        rule.tell(origin, answer.headers());
        super.answer(answer);
    }

    @Override
    public void fail(Throwable failure) {
        if (!(failure instanceof RefusedException refused)) {
            super.fail(failure);
            return;
        }
        var told = new DefaultHttpHeaders();
        rule.tell(origin, told);
        var refusal = refused.refusal();
        var headers = new LinkedHashMap<>(refusal.headers());
        told.forEach(header -> headers.put(header.getKey(), header.getValue()));
        super.fail(new RefusedException(
                new Refusal(refusal.status(), refusal.code(), refusal.message(), refusal.details(), headers)));
    }
}
