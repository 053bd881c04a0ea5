/// A scoreboard as a page to read and as tables to paste; the same findings always make the same text. Start reading at
/// [io.cairn.bench.report.HtmlReport].
@org.jspecify.annotations.NullMarked
package io.cairn.bench.report;
