"""巨量千川 Qianchuan: ad spend of ordinary plans and of 全域推广, and live sessions."""
