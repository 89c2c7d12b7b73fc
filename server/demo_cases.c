#include "server/demo_tickets.h"

enum { HOUR = 60, DAY = 24 * HOUR };

const struct demo_case demo_cases[] = {
    { "suspicious_file", "メールに添付されていた請求書ファイルの調査", "フィッシング", SEVERITY_B,
      "hash=4b1c9d0e2f3a5b6c7d8e9f0011223344556677aa;file_name=invoice_2026.pdf.js;opened=no" },
    { "suspicious_file", "社内で作成した業務ツールの安全性確認", NULL, SEVERITY_C, NULL },
    { "xdr", "検知ルールの通知が二重に届きます", "通知", SEVERITY_C, NULL },
    { "incident", "Unusual outbound traffic from a print server", "print-server", SEVERITY_A, NULL },
    { "hunting", "リモート管理ツールの悪用がないか調べてください", "脅威ハンティング", SEVERITY_C,
      "theme=使っていない遠隔操作ツールの痕跡;from=2026-08-23" },
    { "endpoint", "False alarm on our warehouse scanner software", "false-positive", SEVERITY_B, NULL },
    { "endpoint", "更新後に経理端末の動作が遅くなりました", "性能", SEVERITY_B, NULL },
    { "xdr", "How do we exclude the nightly backup?", NULL, SEVERITY_C, NULL },
    { "xdr", "除外ルールの書き方について", NULL, SEVERITY_C, NULL },
    { "incident", "Sign-ins of one account from two countries", "identity", SEVERITY_A, NULL },
    { "endpoint", "隔離した端末がネットワークに戻りません", "隔離", SEVERITY_B, NULL },
    { "incident", "ファイルサーバーで暗号化が疑われる挙動", "ランサムウェア", SEVERITY_A, NULL },
    { "xdr", "フォルダーの除外が効きません", NULL, SEVERITY_C, NULL },
    { "premium", "管理サーバーの更新手順を教えてください", "更新", SEVERITY_C, NULL },
    { "behaviour", "見覚えのないスケジュールタスクが登録されています", "挙動", SEVERITY_B, NULL },
};
const size_t demo_case_count = COUNT_OF(demo_cases);

#define AOBA "customer"
#define HAYASHI "hayashi"
#define MORI "mori"
#define EMMA "emma.clarke"
#define OLIVER "oliver.hughes"
#define PRIYA "priya.patel"
#define KOBAYASHI "kobayashi.aya"
#define WEBER "daniel.weber"
#define MIURA "engineer"
#define ISHII "ishii.takumi"
#define NOW SEVERITY_NONE

const struct demo_moment demo_moments[] = {
    /* closed long ago */
    { 0, 20 * DAY, DEMO_OPEN, MORI,
      "取引先を名乗るメールに、次のファイルが添付されていました。\n\n"
      "- ファイル名: `invoice_2026.pdf.js`\n- SHA-1: `4b1c9d0e2f3a5b6c7d8e9f0011223344556677aa`\n\n"
      "**まだ誰も開いていません。** 不正なものか教えてください。", NOW },
    { 0, 20 * DAY - 6, DEMO_ASSIGN, KOBAYASHI, NULL, NOW },
    { 0, 20 * DAY - 35, DEMO_SAY, KOBAYASHI,
      "お問い合わせありがとうございます。調査を始めます。\nファイルは開かず、メールごと残しておいてください。", NOW },
    { 0, 20 * DAY - 150, DEMO_NOTE, KOBAYASHI,
      "JScriptのダウンローダー。接続先は既に停止。ほかのお客様への到達は*なし*。", NOW },
    { 0, 20 * DAY - 170, DEMO_SAY, KOBAYASHI,
      "調査の結果、**不正なファイル**と判定しました。\n\n1. 該当のメールを削除してください。\n"
      "2. 送信元のドメインを拒否してください。\n3. 開いた形跡は、御社のどの端末にもありません。", NOW },
    { 0, 20 * DAY - 260, DEMO_SAY, MORI, ">メールの削除と、ドメインの拒否を行いました。ありがとうございました。", NOW },
    { 0, 20 * DAY - 264, DEMO_EDIT, MORI, "該当メールの削除と、送信元ドメインの拒否を行いました。ありがとうございました。", NOW },
    { 0, 20 * DAY - 300, DEMO_RESOLVE, KOBAYASHI, "不正なファイルと判定し、対処をご案内しました。", NOW },
    { 0, 19 * DAY, DEMO_CLOSE, MORI, NULL, NOW },

    { 1, 12 * DAY, DEMO_OPEN, HAYASHI,
      "社内で作成した集計ツールを配布する前に、安全かどうかを確認していただけますか。ソースコードも提出できます。", NOW },
    { 1, 12 * DAY - 200, DEMO_SAY, ISHII,
      "ご相談ありがとうございます。本サービスでは、不正なファイルかどうかの判定のみを承っております。", NOW },
    { 1, 12 * DAY - 220, DEMO_DECLINE, ISHII,
      "自社開発ソフトウェアの安全性診断は、本サービスの範囲外です。ご契約の回数は消費していません。", NOW },

    /* missed once, reopened today */
    { 2, 15 * DAY, DEMO_OPEN, HAYASHI, "同じ検知の通知メールが2通ずつ届きます。先週の設定変更のあとからです。", NOW },
    { 2, 15 * DAY - 30, DEMO_GRADE, MIURA, "通知の不具合は運用への影響が大きいため。", SEVERITY_B },
    { 2, 15 * DAY - 290, DEMO_SAY, KOBAYASHI, "お待たせして申し訳ございません。重複していた通知先を1件削除しました。", NOW },
    { 2, 15 * DAY - 400, DEMO_RESOLVE, KOBAYASHI, "重複していた通知先を削除しました。", NOW },
    { 2, 48, DEMO_REOPEN, HAYASHI, "今朝からまた2通届くようになりました。", NOW },

    { 3, 6 * DAY, DEMO_OPEN, OLIVER,
      "Our firewall shows **3 GB in one night** from `prn-04` to an address we do not know.\n\n"
      "```\n02:11:40  prn-04 -> 203.0.113.77:443   612 MB\n02:31:02  prn-04 -> 203.0.113.77:443   890 MB\n```\n\n"
      "Is this an incident?", NOW },
    { 3, 6 * DAY - 14, DEMO_ASSIGN, WEBER, NULL, NOW },
    { 3, 6 * DAY - 22, DEMO_SAY, WEBER, "We are on it. Please leave the print server switched on.", NOW },
    { 3, 6 * DAY - 60, DEMO_NOTE, WEBER,
      "Address belongs to the vendor's firmware service (checked with their NOC).", NOW },
    { 3, 6 * DAY - 95, DEMO_ASK, WEBER, "Did somebody schedule a firmware update of the printers that night?", NOW },
    { 3, 6 * DAY - 140, DEMO_SAY, OLIVER, ">Yes, facilities did, and told nobody. Sorry for the alarm.", NOW },
    { 3, 6 * DAY - 160, DEMO_SAY, WEBER,
      "No harm done. "
      "The transfer was the [vendor's update service](https://example.com/firmware), in both directions.\n\n"
      "> One request: please announce such windows to us, so that the night shift knows.", NOW },
    { 3, 6 * DAY - 170, DEMO_RESOLVE, WEBER, "Planned firmware update. No incident.", NOW },

    /* at work */
    { 4, 5 * DAY, DEMO_OPEN, AOBA,
      "遠隔操作ツールの悪用が増えていると聞きました。社内で使っていないツールの痕跡がないか、**過去90日分**を調べてください。", NOW },
    { 4, 5 * DAY - 120, DEMO_ASSIGN, ISHII, NULL, NOW },
    { 4, 5 * DAY - 130, DEMO_SAY, ISHII,
      "承りました。次の観点で調査します。\n\n- 実行ファイルの署名と名前\n- 外部への通信先\n- サービスとしての登録\n\n"
      "3日ほどお時間をいただきます。", NOW },
    { 4, 2 * DAY, DEMO_NOTE, ISHII, "1台で`AnyDesk`の痕跡。保守業者のものか確認中。", NOW },
    { 4, 2 * DAY - 10, DEMO_WAIT, ISHII, "保守業者へ利用の有無を確認しています。", NOW },
    { 4, 2 * DAY - 12, DEMO_SAY, ISHII, "1台で痕跡が見つかりました。保守業者による利用かどうかを、業者へ確認しています。", NOW },

    { 5, 30 * HOUR, DEMO_OPEN, PRIYA,
      "The scanner software on all 14 warehouse terminals is quarantined since this morning:\n\n"
      "`C:\\Scan\\pickd.exe`\n\n"
      "We sign it ourselves. Loading is at a standstill.", NOW },
    { 5, 30 * HOUR - 12, DEMO_GRADE, WEBER, "Loading stands still at 14 terminals.", SEVERITY_A },
    { 5, 30 * HOUR - 25, DEMO_SAY, WEBER,
      "Released everywhere, and excluded by its signature. Please try again.", NOW },
    { 5, 30 * HOUR - 26, DEMO_ASSIGN, WEBER, NULL, NOW },
    { 5, 30 * HOUR - 55, DEMO_SAY, PRIYA, "Works again, thank you! Will the next version be caught, too?", NOW },

    { 6, 2 * DAY, DEMO_OPEN, AOBA, "昨日の更新のあと、経理部の5台で起動に10分ほどかかるようになりました。月末の処理に影響しています。", NOW },
    { 6, 2 * DAY - 40, DEMO_ASSIGN, KOBAYASHI, NULL, NOW },
    { 6, 2 * DAY - 55, DEMO_SAY, KOBAYASHI, "ご不便をおかけしております。更新の内容を確認しています。", NOW },
    { 6, 5 * HOUR, DEMO_ASK, KOBAYASHI,
      "原因の特定のため、次の2点を教えていただけますか。\n\n1. 影響のある端末の名前\n2. 起動時に実行している社内ツールの有無", NOW },
    { 6, 5 * HOUR - 10, DEMO_NOTE, KOBAYASHI, "月末までに解決しない場合は、前の版へ戻す案を出す。", NOW },

    { 7, 26 * HOUR, DEMO_OPEN, EMMA,
      "The nightly backup raises forty detections every night. How do we exclude it properly?", NOW },

    /* not answered yet */
    { 8, 20 * HOUR, DEMO_OPEN, MORI, "除外ルールで、特定のフォルダー以下をすべて対象にするには、どのように書けばよいですか。", NOW },
    { 9, 145, DEMO_OPEN, EMMA,
      "The account `o.hughes` signed in from Manchester at 08:02 and from Kuala Lumpur at 08:09.\n\n"
      "Oliver is in the office.", NOW },
    { 9, 138, DEMO_NOTE, WEBER,
      "Second sign-in is from a hosting provider. Looks *real*; calling them is on our list.", NOW },
    { 10, 195, DEMO_OPEN, HAYASHI,
      "先ほど隔離を解除した端末 `AOBA-PC-0231` が、ネットワークに接続できないままです。再起動は2回試しました。", NOW },
    { 11, 22, DEMO_OPEN, AOBA,
      "ファイルサーバー `FS01` で、短時間に多数のファイルの拡張子が変わっています。\n\n"
      "- 開始: 本日、約30分前から\n- 対象: 設計部の共有フォルダー\n\n**至急、ご確認をお願いします。**", NOW },
    { 11, 15, DEMO_NOTE, KOBAYASHI, "`FS01`の検知を確認中。設計部の1台から大量の書き込みあり。隔離の承認を待つ。", NOW },

    { 11, 13, DEMO_NOTE, KOBAYASHI, "@三浦 遥 隔離の承認をお願いできますか。設計部の`AOBA-PC-0417`です。", NOW },

    /* the same question from a colleague, and one that ranks above the others */
    { 12, 18 * HOUR, DEMO_OPEN, HAYASHI, "`D:\\Batch`以下を除外しましたが、下の階層のファイルが検知されます。書き方が違うのでしょうか。", NOW },
    { 12, 16 * HOUR, DEMO_WORK, KOBAYASHI, "merge 8 同じ書き方のご質問ですので、先にいただいた件でまとめて回答します。", NOW },
    { 13, 2 * DAY, DEMO_WORK, MIURA, "contact customer@demo.yagura.example", NOW },
    { 13, 90, DEMO_OPEN, AOBA, "管理サーバーを新しい版へ更新したいです。停止の時間と、事前の準備を教えてください。", NOW },

    /* what is kept beside the words */
    { 11, 14, DEMO_WORK, KOBAYASHI, "computers FS01 192.0.2.10", NOW },
    { 11, 14, DEMO_WORK, KOBAYASHI, "computers AOBA-PC-0417 192.0.2.117", NOW },
    { 11, 13, DEMO_WORK, KOBAYASHI, "tick 0", NOW },
    { 11, 12, DEMO_WORK, KOBAYASHI, "tick 1", NOW },
    { 11, 12, DEMO_WORK, MIURA, "watch", NOW },
    { 11, 11, DEMO_WORK, HAYASHI, "watch", NOW },
    { 11, 10, DEMO_WORK, KOBAYASHI, "related 10", NOW },
    { 11, 5, DEMO_WORK, KOBAYASHI, "time 10 検知の確認と初動", NOW },
    { 10, 190, DEMO_WORK, HAYASHI, "computers AOBA-PC-0231 192.0.2.31", NOW },
    { 6, 4 * HOUR, DEMO_WORK, KOBAYASHI, "time 50 更新内容の確認", NOW },
    { 6, 3 * HOUR, DEMO_WORK, KOBAYASHI, "time 25 検証環境での再現", NOW },
    { 4, 2 * DAY, DEMO_WORK, ISHII, "time 180 過去90日分の検索", NOW },
    { 4, 2 * DAY, DEMO_WORK, MORI, "watch", NOW },
    { 3, 6 * DAY - 165, DEMO_WORK, WEBER, "time 95 Traffic and vendor's address", NOW },
    { 9, 137, DEMO_WORK, WEBER, "time 15 Both sign-ins looked at", NOW },
    { 9, 136, DEMO_WORK, WEBER, "tick 1", NOW },
    { 9, 136, DEMO_WORK, WEBER, "computers HQ-LT-118 198.51.100.18", NOW },

    { 4, 5 * DAY - 125, DEMO_WORK, ISHII,
      "document plan 調査計画書|## 調査計画\n\n1. 実行ファイルの署名と名前（過去90日分）\n2. 外部への通信先\n"
      "3. サービスとしての登録\n\n**期間**：3営業日", NOW },
    { 4, 5 * DAY - 300, DEMO_WORK, AOBA, "approve", NOW },
    { 13, 40, DEMO_WORK, KOBAYASHI,
      "document proposal 管理サーバー更新のご提案|## 更新のご提案\n\n**停止時間**：約30分\n"
      "**実施日**：12月5日（土）22時\n\n- 前日までに設定をバックアップします。\n- 終了後に動作をご確認いただきます。", NOW },

    /* a promise that stood still while the customer was asked, and a customer who says that they were not */
    { 14, 40 * DAY, DEMO_WORK, MIURA, "target behaviour", NOW },
    { 14, 4 * DAY, DEMO_OPEN, MORI,
      "営業部の端末`AOBA-PC-0088`に、`UpdaterX`という見覚えのないタスクが登録されています。ログは一緒にお送りします。", NOW },
    { 14, 4 * DAY - 2, DEMO_FILE, MORI, "log AOBA-PC-0088-tasks.log", NOW },
    { 14, 4 * DAY - 30, DEMO_ASSIGN, KOBAYASHI, NULL, NOW },
    { 14, 4 * DAY - 45, DEMO_ASK, KOBAYASHI, "承りました。調査のため、タスクの一覧を出力したログをお送りいただけますか。", NOW },
    { 14, 3 * DAY, DEMO_SAY, MORI, "ログは、お問い合わせの作成と同時にお送りしています。ご確認ください。", NOW },
    { 14, 3 * DAY - 20, DEMO_SAY, KOBAYASHI, "大変失礼いたしました。ログを確認しました。タスクは配布ソフトのものと判明し、無害です。", NOW },
    { 14, 3 * DAY - 40, DEMO_WORK, MORI, "dispute ログは最初からお送りしていました。当社の回答待ちとして数えないでください。", NOW },
    { 4, 60, DEMO_WORK, MIURA, "snooze 20", NOW },

    /* files */
    { 0, 20 * DAY - 40, DEMO_FILE, MORI, "sample invoice_2026.pdf.js", NOW },
    { 3, 6 * DAY - 20, DEMO_FILE, OLIVER, "log firewall-prn-04.log", NOW },
    { 9, 137, DEMO_FILE, WEBER, "note sign-ins-checked.txt", NOW },
    { 9, 136, DEMO_FILE, WEBER, "link Please send us the VPN gateway's log of this morning.", NOW },
    { 10, 192, DEMO_FILE, HAYASHI, "picture 画面_AOBA-PC-0231.png", NOW },
    { 10, 191, DEMO_FILE, HAYASHI, "log agent-AOBA-PC-0231.log", NOW },
    { 11, 12, DEMO_FILE, KOBAYASHI, "link `FS01`のメモリダンプをお送りください。", NOW },

    /* who has seen what */
    { 0, 18 * DAY, DEMO_READ, AOBA, NULL, NOW },
    { 1, 11 * DAY, DEMO_READ, AOBA, NULL, NOW },
    { 2, 14 * DAY, DEMO_READ, AOBA, NULL, NOW },
    { 4, 26 * HOUR, DEMO_READ, AOBA, NULL, NOW },
    { 8, 19 * HOUR, DEMO_READ, AOBA, NULL, NOW },
    { 0, 19 * DAY, DEMO_READ, MIURA, NULL, NOW },
    { 1, 11 * DAY, DEMO_READ, MIURA, NULL, NOW },
    { 2, 14 * DAY, DEMO_READ, MIURA, NULL, NOW },
    { 3, 5 * DAY, DEMO_READ, MIURA, NULL, NOW },
    { 4, DAY, DEMO_READ, MIURA, NULL, NOW },
    { 7, 20 * HOUR, DEMO_READ, MIURA, NULL, NOW },
};
const size_t demo_moment_count = COUNT_OF(demo_moments);
