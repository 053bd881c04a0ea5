package io.cairn.server.s3;

import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;

/// An exchange whose answer says that pages of its request's origin may read it. What is refused gets that from
/// [S3Face#refusal], wherever it is refused.
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
}
